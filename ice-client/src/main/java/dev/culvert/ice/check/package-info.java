/** What a STUN or TURN server supports and where it is wrong, asked from outside by hand: no socket, no clock, no thread. */
@NullMarked
package dev.culvert.ice.check;

import org.jspecify.annotations.NullMarked;
