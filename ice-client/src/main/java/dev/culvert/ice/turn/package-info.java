/** A TURN client, by hand: an allocation that is driven with bytes and time. */
@NullMarked
package dev.culvert.ice.turn;

import org.jspecify.annotations.NullMarked;
