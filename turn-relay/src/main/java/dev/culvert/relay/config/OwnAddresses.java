package dev.culvert.relay.config;

import dev.culvert.relay.config.RelayConfig.Addresses;
import dev.culvert.relay.config.RelayConfig.ExternalAddress;
import dev.culvert.server.config.ServerConfig.Listener;
import dev.culvert.stun.IpAddress;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The addresses of a server itself, at which no peer stands: what a policy must know. */
public final class OwnAddresses {
    private OwnAddresses() {}

    /**
     * Every address and broadcast address of this host's interfaces, and every one that the configuration names.
     *
     * @throws SocketException if the host does not tell its interfaces
     */
    public static Set<IpAddress> of(
            Collection<Listener> listeners, Collection<IpAddress> alternates, Addresses addresses)
            throws SocketException {
        Set<IpAddress> own = new HashSet<>(alternates);
        List<NetworkInterface> interfaces = NetworkInterface.networkInterfaces().toList();
        interfaces.stream()
                .flatMap(each -> each.getInterfaceAddresses().stream())
                .flatMap(OwnAddresses::of)
                .forEach(own::add);
        listeners.stream().map(Listener::address).flatMap(Optional::stream).forEach(own::add);
        own.addAll(addresses.relay());
        for (ExternalAddress external : addresses.external()) {
            own.add(external.told());
            external.local().ifPresent(own::add);
        }
        return own;
    }

    private static Stream<IpAddress> of(InterfaceAddress address) {
        InetAddress broadcast = address.getBroadcast();
        Stream<IpAddress> one = Stream.of(IpAddress.of(address.getAddress()));
        // A host route has its own address, or none at all, for its broadcast address.
        return broadcast == null || broadcast.isAnyLocalAddress()
                ? one
                : Stream.concat(one, Stream.of(IpAddress.of(broadcast)));
    }
}
