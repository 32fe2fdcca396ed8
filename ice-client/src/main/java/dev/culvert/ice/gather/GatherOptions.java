package dev.culvert.ice.gather;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What is gathered, and how fast. Immutable.
 *
 * @param servers in the order of preference
 * @param mappings names of the services that are asked to map ports, in the order of preference
 * @param components 1, or 2 for RTP and RTCP on ports of their own
 * @param addresses which addresses of this host take part
 * @param ports where local ports are taken from
 * @param pacing RFC 8445's Ta, the time between two new transactions; at least 5 ms
 * @param keepalive how often a NAT's mapping is refreshed by a Binding request, until close
 * @param patience how long {@link GatherEvent.Settled} may wait for the first good answer
 */
public record GatherOptions(
        List<GatherServer> servers,
        List<String> mappings,
        int components,
        AddressPolicy addresses,
        PortRange ports,
        Duration pacing,
        Duration keepalive,
        Duration patience) {
    /**
     * Local ports.
     *
     * @param first 1–65535, or 0 with {@code last} 0 for whatever the system picks
     */
    public record PortRange(int first, int last) {
        /** Whatever the system picks. */
        public static final PortRange ANY = new PortRange(0, 0);

        public PortRange {
            boolean isAny = first == 0 && last == 0;
            if (!isAny && (first < 1 || last > 0xFFFF || first > last)) {
                throw new IllegalArgumentException("no range of ports: " + first + "-" + last);
            }
        }
    }

    // RFC 8445 §14.2: the combination of all transactions is sent at most once every 5 ms.
    private static final Duration MIN_PACING = Duration.ofMillis(5);

    public GatherOptions {
        servers = List.copyOf(servers);
        mappings = List.copyOf(mappings);
        if (components < 1 || components > 2) {
            throw new IllegalArgumentException("there are 1 or 2 components, not " + components);
        }
        if (pacing.compareTo(MIN_PACING) < 0) {
            throw new IllegalArgumentException("the pacing is at least 5 ms, not " + pacing);
        }
        if (keepalive.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("a keepalive is sent every second at most, not every " + keepalive);
        }
        if (patience.isNegative()) {
            throw new IllegalArgumentException("negative patience: " + patience);
        }
    }

    /** Starts from: no server, one component, Ta of 50 ms, a keepalive every 15 s. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options. Mutable, for one thread. */
    public static final class Builder {
        private final List<GatherServer> servers = new ArrayList<>();
        private final List<String> mappings = new ArrayList<>();
        private int components = 1;
        private AddressPolicy addresses = AddressPolicy.all();
        private PortRange ports = PortRange.ANY;
        // RFC 8445 §14.2: Ta is 50 ms by default.
        private Duration pacing = Duration.ofMillis(50);
        // RFC 8445 §11: Tr is 15 s.
        private Duration keepalive = Duration.ofSeconds(15);
        private Duration patience = Duration.ofSeconds(3);

        private Builder() {}

        public Builder server(GatherServer server) {
            servers.add(server);
            return this;
        }

        public Builder mapping(String service) {
            mappings.add(service);
            return this;
        }

        /** RTP and RTCP on ports of their own: pairs of an even port and the next, where they are to be had. */
        public Builder separateRtcp() {
            components = 2;
            return this;
        }

        public Builder addresses(AddressPolicy policy) {
            addresses = policy;
            return this;
        }

        public Builder ports(PortRange range) {
            ports = range;
            return this;
        }

        public Builder pacing(Duration ta) {
            pacing = ta;
            return this;
        }

        public Builder keepalive(Duration interval) {
            keepalive = interval;
            return this;
        }

        public Builder patience(Duration limit) {
            patience = limit;
            return this;
        }

        public GatherOptions build() {
            return new GatherOptions(servers, mappings, components, addresses, ports, pacing, keepalive, patience);
        }
    }
}
