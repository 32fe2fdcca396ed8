package dev.culvert.relay.io;

import dev.culvert.relay.config.RelayConfig.Addresses;
import dev.culvert.relay.core.RelayAddress;
import dev.culvert.relay.core.RelayAddresses;
import dev.culvert.server.io.HostAddresses;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The relay addresses of a server, which follow the addresses that it listens on. Used by any thread. */
final class RelayHosts implements RelayAddresses {
    private final Addresses config;
    private volatile List<IpAddress> listening = List.of();

    RelayHosts(Addresses config) {
        this.config = config;
    }

    /** Takes the addresses that are listened on now. */
    void update(List<IpAddress> nowListening) {
        listening = nowListening;
    }

    /** Every address on which an allocation may be made now. */
    List<RelayAddress> all() {
        Stream<IpAddress> asked =
                listening.stream().filter(ip -> configured(ip.family()).isEmpty());
        return Stream.concat(config.relay().stream(), asked)
                .distinct()
                .map(this::relayAddress)
                .toList();
    }

    @Override
    public Optional<RelayAddress> of(AddressFamily family, IpAddress asked) {
        return configured(family)
                .or(() -> asked.family() == family ? Optional.of(asked) : beside(family, asked))
                .map(this::relayAddress);
    }

    private Optional<IpAddress> configured(AddressFamily family) {
        return config.relay().stream().filter(relay -> relay.family() == family).findFirst();
    }

    /** For the other family: an address that clients reach in the way that they reach {@code asked}. */
    private Optional<IpAddress> beside(AddressFamily family, IpAddress asked) {
        return listening.stream()
                .filter(ip -> ip.family() == family)
                .filter(ip -> HostAddresses.reach(ip) == HostAddresses.reach(asked))
                .findFirst();
    }

    private RelayAddress relayAddress(IpAddress local) {
        return new RelayAddress(local, config.told(local));
    }
}
