/** The STUN server as a value: bytes and time go in, replies come out; no sockets, clocks, threads or randomness. */
@NullMarked
package dev.culvert.server.core;

import org.jspecify.annotations.NullMarked;
