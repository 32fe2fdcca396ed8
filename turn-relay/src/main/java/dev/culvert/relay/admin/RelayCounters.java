package dev.culvert.relay.admin;

import dev.culvert.relay.core.RelayCounter;
import dev.culvert.server.admin.AdminRoutes.Flow;
import java.util.List;
import java.util.Locale;
import java.util.Set;

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

    /** Each told apart by a label that says why. */
    static final Set<String> REFUSALS = Set.of("relay_refusals", "relay_drops");

    private RelayCounters() {}

    private static String name(RelayCounter counter) {
        return "relay_" + counter.name().toLowerCase(Locale.ROOT);
    }
}
