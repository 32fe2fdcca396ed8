package dev.culvert.ice.vertx;

import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Reads the routing tables that Linux shows in {@code /proc/net/route} and {@code /proc/net/ipv6_route}. */
final class DefaultRoutes {
    private static final int GATEWAY_FLAG = 0x0002;
    private static final int REJECT_FLAG = 0x0200;

    private DefaultRoutes() {}

    /**
     * A route to everywhere.
     *
     * @param metric the lower, the better
     */
    record Route(String interfaceName, IpAddress gateway, long metric) {}

    /** The default routes of {@code family} in its table, the best first. */
    static List<Route> in(List<String> lines, AddressFamily family) {
        return lines.stream()
                .map(line -> line.strip().split("\\s+"))
                .flatMap(words -> (family == AddressFamily.IPV4 ? ipv4(words) : ipv6(words)).stream())
                .sorted(Comparator.comparingLong(Route::metric))
                .toList();
    }

    /** Interface, destination, gateway, flags, use counts, metric, mask. */
    private static Optional<Route> ipv4(String[] words) {
        boolean isDefault = words.length >= 8 && words[1].equals("00000000") && words[7].equals("00000000");
        if (!isDefault || !isUsable(words[3])) {
            return Optional.empty();
        }
        // The kernel prints the number as it lies in memory.
        int bits = ByteBuffer.allocate(4)
                .order(ByteOrder.nativeOrder())
                .putInt((int) Long.parseLong(words[2], 16))
                .order(ByteOrder.BIG_ENDIAN)
                .getInt(0);
        return Optional.of(new Route(words[0], IpAddress.v4(bits), Long.parseLong(words[6])));
    }

    /** Destination and its prefix length, source likewise, gateway, metric, use counts, flags, interface. */
    private static Optional<Route> ipv6(String[] words) {
        boolean isDefault = words.length >= 10 && words[0].matches("0{32}") && words[1].equals("00");
        if (!isDefault || !isUsable(words[8])) {
            return Optional.empty();
        }
        IpAddress gateway = IpAddress.of(HexFormat.of().parseHex(words[4]));
        return Optional.of(new Route(words[9], gateway, Long.parseLong(words[5], 16)));
    }

    private static boolean isUsable(String flags) {
        long bits = Long.parseLong(flags, 16);
        return (bits & GATEWAY_FLAG) != 0 && (bits & REJECT_FLAG) == 0;
    }
}
