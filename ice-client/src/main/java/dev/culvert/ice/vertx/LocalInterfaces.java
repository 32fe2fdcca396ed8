package dev.culvert.ice.vertx;

import dev.culvert.ice.gather.LocalAddress;
import dev.culvert.ice.gather.LocalInterface;
import dev.culvert.stun.IpAddress;
import java.io.IOException;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The network interfaces of this host, as the operating system tells them. */
public final class LocalInterfaces {
    /** Where Linux tells what Java does not: which IPv6 addresses are temporary or deprecated. */
    private static final Path LINUX_IPV6 = Path.of("/proc/net/if_inet6");

    private static final int ADDRESS_DIGITS = 32;
    private static final int FLAGS_FIELD = 4;
    private static final int TEMPORARY = 0x01;
    private static final int DAD_FAILED = 0x08;
    private static final int DEPRECATED = 0x20;
    private static final int TENTATIVE = 0x40;

    private LocalInterfaces() {}

    /** All that are up, with their addresses. */
    public static List<LocalInterface> all() {
        Map<IpAddress, Set<LocalAddress.Trait>> traits = linuxTraits();
        List<LocalInterface> all = new ArrayList<>();
        try {
            for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
                if (each.isUp()) {
                    all.add(new LocalInterface(each.getName(), kindOf(each), addressesOf(each, traits)));
                }
            }
        } catch (SocketException e) {
            // A system that tells no interfaces has no host candidates.
            return all;
        }
        return all;
    }

    private static LocalInterface.Kind kindOf(NetworkInterface each) throws SocketException {
        if (each.isLoopback()) {
            return LocalInterface.Kind.LOOPBACK;
        }
        return each.isPointToPoint() ? LocalInterface.Kind.TUNNEL : LocalInterface.Kind.OTHER;
    }

    private static List<LocalAddress> addressesOf(
            NetworkInterface each, Map<IpAddress, Set<LocalAddress.Trait>> traits) {
        List<LocalAddress> addresses = new ArrayList<>();
        for (InterfaceAddress address : each.getInterfaceAddresses()) {
            IpAddress ip = IpAddress.of(address.getAddress());
            // Java says 0 or less where the system did not tell.
            int told = address.getNetworkPrefixLength();
            int prefixLength = told > 0 ? told : LocalAddress.of(ip).prefixLength();
            addresses.add(new LocalAddress(ip, prefixLength, traits.getOrDefault(ip, Set.of())));
        }
        return addresses;
    }

    private static Map<IpAddress, Set<LocalAddress.Trait>> linuxTraits() {
        try {
            return Files.isReadable(LINUX_IPV6) ? traitsIn(Files.readAllLines(LINUX_IPV6)) : Map.of();
        } catch (IOException e) {
            return Map.of();
        }
    }

    /** The traits in lines such as {@code 20010db8…0001 02 40 00 01 eth0}: address, index, prefix, scope, flags, name. */
    static Map<IpAddress, Set<LocalAddress.Trait>> traitsIn(List<String> lines) {
        Map<IpAddress, Set<LocalAddress.Trait>> traits = new HashMap<>();
        for (String line : lines) {
            String[] fields = line.trim().split("\\s+");
            if (fields.length > FLAGS_FIELD
                    && fields[0].matches("[0-9a-f]{" + ADDRESS_DIGITS + "}")
                    && fields[FLAGS_FIELD].matches("[0-9a-f]{1,4}")) {
                IpAddress ip = IpAddress.of(HexFormat.of().parseHex(fields[0]));
                traits.put(ip, traitsOf(Integer.parseInt(fields[FLAGS_FIELD], 16)));
            }
        }
        return traits;
    }

    private static Set<LocalAddress.Trait> traitsOf(int flags) {
        Set<LocalAddress.Trait> traits = EnumSet.noneOf(LocalAddress.Trait.class);
        if ((flags & TEMPORARY) != 0) {
            traits.add(LocalAddress.Trait.TEMPORARY);
        }
        if ((flags & DEPRECATED) != 0) {
            traits.add(LocalAddress.Trait.DEPRECATED);
        }
        if ((flags & (TENTATIVE | DAD_FAILED)) != 0) {
            traits.add(LocalAddress.Trait.TENTATIVE);
        }
        return traits;
    }
}
