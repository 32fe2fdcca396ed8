package dev.culvert.relay.config;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How many allocations the system's limit of open files has room for: each holds a socket. */
final class FileDescriptors {
    /** For jars, event loops, listeners and the admin pages. */
    private static final long PROGRAM = 256;

    /** Where no limit is known: the relay ports that one address has by default. */
    private static final int UNKNOWN = 16_384;

    private FileDescriptors() {}

    /** The room that is left beside {@code maxConnections}, of which at most half the room is kept free. */
    static int allocations(int maxConnections) {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? allocations(system.getMaxFileDescriptorCount(), maxConnections)
                : UNKNOWN;
    }

    static int allocations(long limit, int maxConnections) {
        if (limit <= 0) {
            return UNKNOWN;
        }
        long room = Math.max(2, limit - PROGRAM);
        return (int) Math.min(Integer.MAX_VALUE, room - Math.min(maxConnections, room / 2));
    }
}
