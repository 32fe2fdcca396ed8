package dev.culvert.ice.nat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NatWatchTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final ProbeServer SERVER = server("198.51.100.1:3478");
    private static final ProbeServer SECOND = server("192.0.2.1:3478");

    private final List<WatchEvent> events = new ArrayList<>();
    private final NatWatch watch = new NatWatch(3, events::add);

    private static ProbeServer server(String address) {
        return new ProbeServer(address, TransportAddress.parse(address).orElseThrow());
    }

    private static Verdict verdict(MappingBehavior mapping, FilteringBehavior filtering) {
        return new Verdict(mapping, filtering, NatType.of(mapping, filtering), 0.99, List.of(), List.of());
    }

    private void round(String first, String second) {
        Map<ProbeServer, Optional<TransportAddress>> seen = new LinkedHashMap<>();
        seen.put(SERVER, TransportAddress.parse(first));
        seen.put(SECOND, TransportAddress.parse(second));
        watch.onRound(seen, NOW);
    }

    private void started() {
        round("203.0.113.10:1000", "203.0.113.10:1001");
        watch.onVerdict(verdict(MappingBehavior.ENDPOINT_INDEPENDENT, FilteringBehavior.ENDPOINT_INDEPENDENT), NOW);
        events.clear();
    }

    @Test
    void firstRoundTellsHowThingsStand() {
        round("203.0.113.10:1000", "");

        assertThat(watch.wantsDiscovery()).isTrue();
        assertThat(events)
                .containsExactly(
                        new WatchEvent.Reachability(NOW, SERVER, true),
                        new WatchEvent.Reachability(NOW, SECOND, false),
                        new WatchEvent.ExternalAddress(
                                NOW,
                                List.of(),
                                List.of(IpAddress.parse("203.0.113.10").orElseThrow())));
    }

    @Test
    void roundsThatAreAlikeAreSilentAndCheap() {
        started();

        round("203.0.113.10:2000", "203.0.113.10:2001");

        assertThat(events).isEmpty();
        assertThat(watch.wantsDiscovery()).isFalse();
    }

    @Test
    void changedAddressIsToldAndClassifiedAnew() {
        started();

        round("203.0.113.11:1000", "203.0.113.11:1001");

        assertThat(events)
                .singleElement()
                .isEqualTo(new WatchEvent.ExternalAddress(
                        NOW,
                        List.of(IpAddress.parse("203.0.113.10").orElseThrow()),
                        List.of(IpAddress.parse("203.0.113.11").orElseThrow())));
        assertThat(watch.wantsDiscovery()).isTrue();
    }

    @Test
    void serverThatGoesAndComesBackIsToldTwice() {
        started();

        round("203.0.113.10:1000", "");
        round("203.0.113.10:1000", "203.0.113.10:1001");

        assertThat(events)
                .containsExactly(
                        new WatchEvent.Reachability(NOW, SECOND, false),
                        new WatchEvent.Reachability(NOW, SECOND, true));
    }

    @Test
    void afterSomeRoundsTheNatIsClassifiedAgainAndToldOnlyIfItIsAnother() {
        started();
        for (int i = 0; i < 3; i++) {
            round("203.0.113.10:1000", "203.0.113.10:1001");
        }

        assertThat(watch.wantsDiscovery()).isTrue();
        watch.onVerdict(verdict(MappingBehavior.ENDPOINT_INDEPENDENT, FilteringBehavior.ENDPOINT_INDEPENDENT), NOW);
        assertThat(events).isEmpty();
        watch.onVerdict(verdict(MappingBehavior.ADDRESS_DEPENDENT, FilteringBehavior.ADDRESS_AND_PORT_DEPENDENT), NOW);
        assertThat(events).hasOnlyElementsOfType(WatchEvent.Behavior.class).hasSize(1);
        assertThat(watch.natType()).isEqualTo(NatType.SYMMETRIC);
    }

    @Test
    void nothingIsKnownOfTheNatWhileNoServerAnswers() {
        started();

        round("", "");

        assertThat(watch.natType()).isEqualTo(NatType.UNKNOWN);
    }
}
