package dev.culvert.relay.admin;

import dev.culvert.relay.core.RelayCounter;
import dev.culvert.server.admin.AdminRoutes.Flow;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which counters the status page shows as what. */
final class RelayCounters {
    static final List<Flow> FLOWS = List.of(
            new Flow(
                    "To peers",
                    List.of(name(RelayCounter.CHANNEL_DATA_TO_PEERS), name(RelayCounter.SEND_INDICATIONS)),
                    List.of(name(RelayCounter.BYTES_TO_PEERS))),
            new Flow(
                    "To clients",
                    List.of(name(RelayCounter.PACKETS_TO_CLIENTS)),
                    List.of(name(RelayCounter.BYTES_TO_CLIENTS))));

    static final Set<String> REFUSALS = Stream.of(
                    RelayCounter.ALLOCATIONS_REFUSED,
                    RelayCounter.AUTHENTICATION_FAILURES,
                    RelayCounter.RATE_LIMITED,
                    RelayCounter.PORTS_FULL,
                    RelayCounter.SOCKETS_REFUSED,
                    RelayCounter.OVER_ALLOCATION_BITRATE,
                    RelayCounter.OVER_USER_BITRATE,
                    RelayCounter.OVER_SERVER_BITRATE,
                    RelayCounter.PEER_PACKETS_DISCARDED,
                    RelayCounter.PEER_COLLISIONS,
                    RelayCounter.CHANNEL_DATA_DISCARDED,
                    RelayCounter.SEND_DISCARDED,
                    RelayCounter.UNSUPPORTED_MESSAGES,
                    RelayCounter.MALFORMED,
                    RelayCounter.PEER_SEND_FAILURES,
                    RelayCounter.CLIENT_SEND_FAILURES)
            .map(RelayCounters::name)
            .collect(Collectors.toUnmodifiableSet());

    private RelayCounters() {}

    private static String name(RelayCounter counter) {
        return "relay_" + counter.name().toLowerCase(Locale.ROOT);
    }
}
