package dev.culvert.ice.vertx;

import dev.culvert.ice.portmap.Gateway;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.io.IOException;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds the router of this host.
 *
 * <p>Linux tells it. Other systems do not tell it to a JVM: there the first address of the IPv4 network is taken for it,
 * which most home routers have; where that is wrong, name the router in {@link PortMappingOptions#withGateway}. So it must
 * be where an IPv6 router is known by its link-local address alone.
 */
public final class GatewaySearch {
    /** Where the default route leads; nothing is sent there (RFC 7723 §2: the anycast address of PCP). */
    private static final TransportAddress ANYWHERE = new TransportAddress(IpAddress.v4(0xC0000009), 5351);

    private GatewaySearch() {}

    /**
     * The router, and how it is reached.
     *
     * @param interfaceName the interface of this host towards it
     * @param isGuess whether the system did not tell it
     */
    public record Found(Gateway gateway, String interfaceName, boolean isGuess) {}

    /**
     * The router of the best default route. Asks the system alone, and does not wait.
     *
     * @param local an address of this host that the route must start from; empty for any
     * @throws NetworkException.Unreachable if there is none
     */
    public static Found find(AddressFamily family, Optional<IpAddress> local) throws NetworkException {
        Path table = Path.of("/proc/net", family == AddressFamily.IPV4 ? "route" : "ipv6_route");
        if (Files.isReadable(table)) {
            return byTable(table, family, local);
        }
        if (family == AddressFamily.IPV6) {
            throw none("an IPv6 router", "this system does not tell it; name it, or use IPv4");
        }
        IpAddress from = local.isPresent() ? local.get() : LocalAddresses.routeTo(ANYWHERE);
        return placed(firstOfNetwork(from), from, true);
    }

    /** The place of this host on the link to a router that somebody named. */
    static Found towards(IpAddress router, Optional<IpAddress> local) throws NetworkException {
        IpAddress from = local.isPresent() ? local.get() : LocalAddresses.routeTo(new TransportAddress(router, 5351));
        return placed(router, from, false);
    }

    private static Found byTable(Path table, AddressFamily family, Optional<IpAddress> local) throws NetworkException {
        try {
            for (DefaultRoutes.Route route : DefaultRoutes.in(Files.readAllLines(table), family)) {
                Optional<Found> found = onInterface(route, local);
                if (found.isPresent()) {
                    requireGlobal(route.gateway());
                    return found.get();
                }
            }
        } catch (IOException e) {
            throw new NetworkException.Unreachable(table + " cannot be read: " + e.getMessage(), e);
        }
        String wanted = (family == AddressFamily.IPV4 ? "an IPv4 router" : "an IPv6 router")
                + local.map(ip -> " from " + ip).orElse("");
        throw none(wanted, "this host has no default route of that kind; check its network, or name the router");
    }

    /** Vert.x drops the scope of an address, without which the system does not know the link. */
    private static void requireGlobal(IpAddress router) throws NetworkException {
        if (router.toInetAddress().isLinkLocalAddress()) {
            throw new NetworkException.Unreachable(
                    "the router " + router
                            + " shows a link-local address alone, which cannot be asked yet; name an address"
                            + " of the router that is not link-local, or use IPv4",
                    null);
        }
    }

    private static NetworkException none(String wanted, String mend) {
        return new NetworkException.Unreachable("no way to " + wanted + " is known: " + mend, null);
    }

    private static Optional<Found> onInterface(DefaultRoutes.Route route, Optional<IpAddress> local) {
        List<InterfaceAddress> addresses = addressesOf(route.interfaceName());
        // A router's link-local address shares its prefix with our own, which nobody can map to.
        return addresses.stream()
                .filter(each -> {
                    IpAddress ip = IpAddress.of(each.getAddress());
                    return ip.family() == route.gateway().family()
                            && !each.getAddress().isLinkLocalAddress()
                            && (local.isEmpty() || local.get().equals(ip));
                })
                .map(each ->
                        new Gateway(route.gateway(), IpAddress.of(each.getAddress()), each.getNetworkPrefixLength()))
                .min((a, b) -> Boolean.compare(!sharesLink(a), !sharesLink(b)))
                .map(gateway -> new Found(gateway, route.interfaceName(), false));
    }

    private static boolean sharesLink(Gateway gateway) {
        return new Gateway(gateway.local(), gateway.local(), gateway.prefixLength()).isOnLink(gateway.address());
    }

    private static Found placed(IpAddress router, IpAddress from, boolean isGuess) throws NetworkException {
        try {
            NetworkInterface owner = NetworkInterface.getByInetAddress(from.toInetAddress());
            if (owner != null) {
                int prefix = prefixLength(owner.getInterfaceAddresses(), from);
                return new Found(new Gateway(router, from, prefix), owner.getName(), isGuess);
            }
        } catch (SocketException e) {
            throw new NetworkException.CannotBind("the interface of " + from + " is not told: " + e.getMessage(), e);
        }
        throw new NetworkException.CannotBind(from + " is no address of this host; give one that is", null);
    }

    private static IpAddress firstOfNetwork(IpAddress from) throws NetworkException {
        int prefix = placed(from, from, true).gateway().prefixLength();
        int mask = prefix == 0 ? 0 : -1 << 32 - prefix;
        return IpAddress.v4(((int) from.low() & mask) + 1);
    }

    private static int prefixLength(List<InterfaceAddress> addresses, IpAddress ip) {
        return addresses.stream()
                .filter(each -> IpAddress.of(each.getAddress()).equals(ip))
                .mapToInt(InterfaceAddress::getNetworkPrefixLength)
                .findFirst()
                .orElse(ip.family().lengthBytes() * 8);
    }

    private static List<InterfaceAddress> addressesOf(String interfaceName) {
        try {
            NetworkInterface found = NetworkInterface.getByName(interfaceName);
            return found == null ? List.of() : found.getInterfaceAddresses();
        } catch (SocketException e) {
            return List.of();
        }
    }
}
