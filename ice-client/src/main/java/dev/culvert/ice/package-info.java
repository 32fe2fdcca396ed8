/** STUN as a client, by hand: transactions that are driven with bytes and time. */
@NullMarked
package dev.culvert.ice;

import org.jspecify.annotations.NullMarked;
