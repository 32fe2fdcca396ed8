/**
 * The TURN server of RFC 8656 as a value: bytes and time go in, decisions come out. No sockets, clocks or threads.
 *
 * <p>{@link dev.culvert.relay.core.TurnServer} is the way in, {@link dev.culvert.relay.core.RelayOutput} the way out.
 */
@NullMarked
package dev.culvert.relay.core;

import org.jspecify.annotations.NullMarked;
