package dev.culvert.relay.core;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/** The relay ports of one event loop by what clients are told of them. Mutable, owned by one thread. */
final class ToldPorts {
    /** Tells an IPv4 address from the IPv6 address with the same numbers. */
    private static final int IPV4 = 1 << 16;

    private final NumberTable<RelayPort> ports;

    ToldPorts(long seed) {
        ports = new NumberTable<>(seed);
    }

    /** Keeps {@code port}; where a misplaced address is told for two, the first one has it. */
    void add(RelayAddress address, RelayPort port) {
        IpAddress told = address.told();
        long number = number(told, port.local().port());
        if (ports.get(told.high(), told.low(), number) == null) {
            ports.put(told.high(), told.low(), number, port);
        }
    }

    void remove(RelayAddress address, RelayPort port) {
        IpAddress told = address.told();
        long number = number(told, port.local().port());
        if (ports.get(told.high(), told.low(), number) == port) {
            ports.remove(told.high(), told.low(), number);
        }
    }

    /** The port that {@code peer} is; null where it is none of this event loop. Allocates nothing. */
    @Nullable
    RelayPort find(TransportAddress peer) {
        return ports.get(peer.ip().high(), peer.ip().low(), number(peer.ip(), peer.port()));
    }

    private static long number(IpAddress ip, int port) {
        return ip.isIpv4() ? port | IPV4 : port;
    }
}
