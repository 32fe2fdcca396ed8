/** Every attribute of STUN, TURN and ICE: one record each, and {@link dev.culvert.stun.attribute.Attributes}, the list of them. */
@NullMarked
package dev.culvert.stun.attribute;

import org.jspecify.annotations.NullMarked;
