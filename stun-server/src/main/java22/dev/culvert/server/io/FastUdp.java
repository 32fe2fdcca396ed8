package dev.culvert.server.io;

import java.util.Optional;

/** Sockets faster than those of Netty: those of Linux, by the foreign function interface. */
final class FastUdp {
    private static final boolean IS_64_BIT = System.getProperty("os.arch").endsWith("64");

    private FastUdp() {}

    /** The sockets of {@code loop}; empty where this machine has none but Netty's. */
    static Optional<UdpSockets> of(ServerLoop loop, EventLoops loops) {
        UdpChoice choice = UdpChoice.made();
        if (choice == UdpChoice.NETTY || !loops.isEpoll() || !IS_64_BIT) {
            return Optional.empty();
        }
        return Optional.of(new LinuxUdpSockets(loop, loops.ioLoop(loop.context()), choice));
    }
}
