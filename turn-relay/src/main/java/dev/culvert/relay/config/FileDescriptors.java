package dev.culvert.relay.config;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How many allocations the system's limit of open files has room for: each holds a socket. */
public final class FileDescriptors {
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

    /** The same under another limit; a limit of 0 or less is one that is not known. */
    public static int allocations(long limit, int maxConnections) {
        if (limit <= 0) {
            return UNKNOWN;
        }
        long room = Math.max(2, limit - PROGRAM);
        return (int) Math.min(Integer.MAX_VALUE, room - Math.min(maxConnections, room / 2));
    }

    /** The limit that has room for so many allocations and connections. */
    public static long needed(int allocations, int connections) {
        return PROGRAM + allocations + connections;
    }
}
