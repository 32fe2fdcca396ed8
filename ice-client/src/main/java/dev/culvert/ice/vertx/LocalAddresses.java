package dev.culvert.ice.vertx;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The addresses of this host, as the operating system tells them. */
public final class LocalAddresses {
    private LocalAddresses() {}

    /** All addresses of all interfaces that are up. */
    public static List<IpAddress> all() {
        List<IpAddress> all = new ArrayList<>();
        try {
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .forEach(address -> all.add(IpAddress.of(address)));
        } catch (SocketException e) {
            // A system that tells no interfaces still tells the route.
            return all;
        }
        return all;
    }

    /** The addresses of the interface called {@code name}; empty where there is none. */
    public static List<IpAddress> ofInterface(String name) {
        try {
            NetworkInterface found = NetworkInterface.getByName(name);
            return found == null
                    ? List.of()
                    : found.inetAddresses().map(IpAddress::of).toList();
        } catch (SocketException e) {
            return List.of();
        }
    }

    /** The local address from which {@code remote} is reached: that of a connected UDP socket, which sends nothing. */
    public static IpAddress routeTo(TransportAddress remote) throws NetworkException.Unreachable {
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.connect(remote.toInetSocketAddress());
            return IpAddress.of(((InetSocketAddress) channel.getLocalAddress()).getAddress());
        } catch (IOException e) {
            throw new NetworkException.Unreachable(
                    remote + " cannot be reached from here: " + e.getMessage() + "; check the route to it", e);
        }
    }

    /**
     * The addresses of this host that packets can have left from where {@code route} is the one that the route says:
     * itself in front, then the others of its reach.
     */
    public static List<IpAddress> ofReach(IpAddress route) {
        InetAddress routed = route.toInetAddress();
        Set<IpAddress> ordered = new LinkedHashSet<>();
        ordered.add(route);
        for (IpAddress ip : all()) {
            InetAddress address = ip.toInetAddress();
            if (ip.family() == route.family()
                    && address.isLoopbackAddress() == routed.isLoopbackAddress()
                    && address.isLinkLocalAddress() == routed.isLinkLocalAddress()) {
                ordered.add(ip);
            }
        }
        return List.copyOf(ordered);
    }
}
