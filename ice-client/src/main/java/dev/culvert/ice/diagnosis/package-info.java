/** How well a TURN server relays, and what is wrong with one that does not: measured and judged by hand. */
@NullMarked
package dev.culvert.ice.diagnosis;

import org.jspecify.annotations.NullMarked;
