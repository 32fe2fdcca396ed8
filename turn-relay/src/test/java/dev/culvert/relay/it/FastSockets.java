package dev.culvert.relay.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Whether servers under test drive their UDP sockets by system calls of their own; this JVM's version is theirs. */
final class FastSockets {
    private static final int OLDEST_JAVA = 22;

    private FastSockets() {}

    static boolean areUsed() {
        return Runtime.version().feature() >= OLDEST_JAVA;
    }

    static void assume() {
        assumeTrue(areUsed(), "Netty's sockets, because Java is older than " + OLDEST_JAVA);
    }
}
