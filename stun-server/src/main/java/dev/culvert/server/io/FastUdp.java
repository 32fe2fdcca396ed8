package dev.culvert.server.io;

import java.util.Optional;

/** Sockets faster than those of Netty; the jar's layer for Java 22 has another class of this name, which finds some. */
final class FastUdp {
    private FastUdp() {}

    /** The sockets of {@code loop}; empty where this Java or this machine has none but Netty's. */
    static Optional<UdpSockets> of(ServerLoop loop, EventLoops loops) {
        return Optional.empty();
    }
}
