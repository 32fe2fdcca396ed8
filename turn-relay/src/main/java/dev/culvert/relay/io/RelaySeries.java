package dev.culvert.relay.io;

import dev.culvert.relay.core.AllocationState;
import dev.culvert.relay.core.Ledger;
import dev.culvert.relay.core.RefusalReason;
import dev.culvert.relay.core.RelayCounter;
import dev.culvert.server.admin.ServerState.Series;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.Counters;
import dev.culvert.server.core.Histogram;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a TURN server tells of itself beside what a STUN server does, summed up over its event loops. */
record RelaySeries(RelayShards shards) {
    private static final String REFUSALS = "requests that were refused, or dropped for want of a share, by reason";
    private static final String DROPS = "messages and packets that were dropped, by cause";

    /** Those of the counters that count what is dropped, with the word for why. */
    private static final Map<RelayCounter, String> DROP_CAUSES = new EnumMap<>(Map.ofEntries(
            Map.entry(RelayCounter.CHANNEL_DATA_DISCARDED, "unbound_channel"),
            Map.entry(RelayCounter.SEND_DISCARDED, "send_without_permission"),
            Map.entry(RelayCounter.PEER_PACKETS_DISCARDED, "peer_without_permission"),
            Map.entry(RelayCounter.OVER_ALLOCATION_BITRATE, "allocation_bitrate"),
            Map.entry(RelayCounter.OVER_USER_BITRATE, "user_bitrate"),
            Map.entry(RelayCounter.OVER_SERVER_BITRATE, "server_bitrate"),
            Map.entry(RelayCounter.PEER_SEND_FAILURES, "peer_send_failure"),
            Map.entry(RelayCounter.CLIENT_SEND_FAILURES, "client_send_failure"),
            Map.entry(RelayCounter.ICMP_DISCARDED, "icmp"),
            Map.entry(RelayCounter.RATE_LIMITED, "unauthenticated_rate"),
            Map.entry(RelayCounter.MALFORMED, "malformed"),
            Map.entry(RelayCounter.WRONG_FINGERPRINTS, "wrong_fingerprint"),
            Map.entry(RelayCounter.UNSUPPORTED_MESSAGES, "unsupported")));

    Map<Series, Long> counters() {
        Map<Series, Long> all = new LinkedHashMap<>();
        for (RelayCounter counter : RelayCounter.values()) {
            all.put(plain("relay_" + word(counter), counter.meaning()), shards.value(counter));
        }
        DROP_CAUSES.forEach((counter, cause) ->
                all.put(new Series("relay_drops", DROPS, Map.of("cause", cause)), shards.value(counter)));
        Counters<RefusalReason> refusals = refusals();
        for (RefusalReason reason : RefusalReason.values()) {
            all.put(new Series("relay_refusals", REFUSALS, Map.of("reason", word(reason))), refusals.value(reason));
        }
        return all;
    }

    Counters<RefusalReason> refusals() {
        return Counters.sum(
                RefusalReason.class,
                shards.all().stream().map(shard -> shard.turn().refusals()).toList());
    }

    Map<Series, Long> levels() {
        Map<Series, Long> all = new LinkedHashMap<>();
        Ledger.Totals totals = shards.ledger().totals();
        all.put(plain("allocations", "allocations"), (long) totals.units() - totals.reservations());
        all.put(plain("relay_reservations", "relay ports that wait for their token"), (long) totals.reservations());
        all.put(plain("relay_ports", "relay ports that are taken, reserved ones included"), (long) totals.ports());
        all.put(
                plain("relay_ports_size", "relay ports that there are, taken or not, on all relay addresses together"),
                shards.ledger().ports());
        all.put(plain("relay_users", "users with an allocation or a reservation"), (long) totals.users());
        for (Transport transport : Transport.values()) {
            for (AllocationState state : AllocationState.values()) {
                all.put(
                        new Series(
                                "allocations_by_state",
                                "allocations by the transport of their client and by how far it has come",
                                Map.of("transport", word(transport), "state", word(state))),
                        allocations(transport, state));
            }
        }
        return all;
    }

    private long allocations(Transport transport, AllocationState state) {
        return shards.all().stream()
                .mapToLong(shard -> shard.turn().census().count(transport, state))
                .sum();
    }

    Map<Series, Histogram> histograms() {
        List<Histogram> lookups = shards.all().stream()
                .flatMap(shard -> shard.credentials().stream())
                .map(CredentialDesk::lookups)
                .toList();
        return Map.of(
                plain("relay_allocate_seconds", "granted Allocate requests, from their receipt until their answer"),
                Histogram.sum(shards.all().stream()
                        .map(shard -> shard.allocateTimes().granted())
                        .toList()),
                plain("relay_credential_lookup_seconds", "look-ups in a store of credentials outside of this server"),
                Histogram.sum(lookups));
    }

    private static Series plain(String name, String meaning) {
        return new Series(name, meaning, Series.ALL_TRANSPORTS);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
