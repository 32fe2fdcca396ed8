package dev.culvert.server.io;

import dev.culvert.stun.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The addresses of this host that a wildcard listener stands for. */
public final class HostAddresses {
    private static final Path IPV6_ADDRESSES = Path.of("/proc/net/if_inet6");
    private static final int TENTATIVE = 0x40;
    private static final int DUPLICATE = 0x08;
    private static final int DEFAULT_MTU_BYTES = 1500;

    private HostAddresses() {}

    /** Every address of an interface that is up, in order; none link-local, tentative or found to be a duplicate. */
    public static List<IpAddress> all() throws SocketException {
        Set<IpAddress> unusable = unusable();
        return NetworkInterface.networkInterfaces()
                .filter(HostAddresses::isUp)
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLinkLocalAddress())
                .map(IpAddress::of)
                .filter(address -> !unusable.contains(address))
                .distinct()
                .sorted()
                .toList();
    }

    /** How far {@code ip} reaches: 0 this host, 1 a private network, 2 the world. */
    public static int reach(IpAddress ip) {
        InetAddress address = ip.toInetAddress();
        if (address.isLoopbackAddress()) {
            return 0;
        }
        boolean isUniqueLocal = !ip.isIpv4() && ip.high() >>> 57 == 0xFC >> 1;
        return address.isSiteLocalAddress() || isUniqueLocal ? 1 : 2;
    }

    /** The MTU of the interface that owns {@code address}. */
    static int mtuBytes(IpAddress address) {
        try {
            InetAddress owned = address.toInetAddress();
            NetworkInterface owner = NetworkInterface.getByInetAddress(owned);
            return owner == null || owner.getMTU() <= 0 ? DEFAULT_MTU_BYTES : owner.getMTU();
        } catch (SocketException e) {
            return DEFAULT_MTU_BYTES;
        }
    }

    private static boolean isUp(NetworkInterface each) {
        try {
            return each.isUp();
        } catch (SocketException e) {
            return false;
        }
    }

    /** IPv6 addresses that cannot be bound yet; Linux alone tells, elsewhere the bind does. */
    private static Set<IpAddress> unusable() {
        if (!Files.isReadable(IPV6_ADDRESSES)) {
            return Set.of();
        }
        try (Stream<String> lines = Files.lines(IPV6_ADDRESSES)) {
            Set<IpAddress> found = new HashSet<>();
            lines.map(line -> line.trim().split(" +")).forEach(fields -> {
                if (fields.length > 4 && (Integer.parseInt(fields[4], 16) & (TENTATIVE | DUPLICATE)) != 0) {
                    found.add(IpAddress.of(HexFormat.of().parseHex(fields[0])));
                }
            });
            return found;
        } catch (IOException e) {
            return Set.of();
        }
    }
}
