package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.core.RelayUnderTest.Options;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.EvenPort;
import dev.culvert.stun.attribute.ReservationToken;
import dev.culvert.stun.attribute.XorRelayedAddress;
import dev.culvert.testkit.Rfc;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How many shared relay ports there are, and who gets which. */
class SharedPortsTest {
    private final Options options = new Options();
    private final TestClient alice = TestClient.alice("198.51.100.7:40000");
    private final TestClient bob = TestClient.bob("198.51.100.8:40000");

    private RelayUnderTest relay(int firstPorts, int mostPorts) {
        options.mode = new RelayMode(firstPorts, mostPorts);
        return new RelayUnderTest(options);
    }

    private static long count(RelayUnderTest relay, RelayCounter counter) {
        return relay.server.counters().value(counter);
    }

    @Test
    void portLivesAsLongAsOneUsesIt() {
        RelayUnderTest relay = relay(1, 1);
        TransportAddress relayed = relay.allocate(alice);
        relay.allocate(bob);

        relay.grant(alice, Ask.refresh(0));

        assertThat(relay.ledger.isLive(relayed.ip(), relayed.port())).isTrue();
        assertThat(relay.ledger.totals()).isEqualTo(new Ledger.Totals(1, 0, 1, 1));
        relay.grant(bob, Ask.refresh(0));
        assertThat(relay.ledger.isLive(relayed.ip(), relayed.port())).isFalse();
        relay.thenNothingIsLeft();
        relay.allocate(alice);
        relay.server.endAll(relay.clock.nowNanos(), relay.out);
        relay.thenNothingIsLeft();
    }

    @Test
    void firstPortsFillBeforeAnyIsSharedAndUsersAndClientAddressesKeepApart() {
        RelayUnderTest relay = relay(2, 4);
        TransportAddress ofAlice = relay.allocate(alice);
        TransportAddress ofBob = relay.allocate(bob);

        TransportAddress secondOfAlice = relay.allocate(TestClient.alice("198.51.100.9:1"));
        TransportAddress neighbourOfAlice = relay.allocate(TestClient.bob("198.51.100.7:1"));
        Set<TransportAddress> later = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            later.add(relay.allocate(TestClient.alice("198.51.100.1" + i + ":1")));
        }

        assertThat(Set.of(ofAlice, ofBob)).hasSize(2);
        assertThat(secondOfAlice).isNotEqualTo(ofAlice);
        assertThat(neighbourOfAlice).isNotIn(ofAlice, ofBob);
        assertThat(relay.machine.bound).hasSize(4).containsAll(later);
    }

    @Test
    void fullRangeIsSharedInsteadOfRefused() {
        options.ledger = new Ledger(50_000, 50_000, 100, 100);
        RelayUnderTest relay = relay(4, 16);

        for (int i = 0; i < 10; i++) {
            relay.allocate(TestClient.alice("198.51.100.7:" + (40_000 + i)));
        }

        assertThat(relay.machine.bound).hasSize(1);
        assertThat(count(relay, RelayCounter.PORTS_FULL)).isZero();
        relay.refuse(alice, Ask.allocate(), 437);
    }

    @Test
    void withoutAnySocketThereIsNothingToShare() {
        RelayUnderTest relay = relay(4, 16);
        relay.machine.descriptorsLeft = 0;

        relay.refuse(alice, Ask.allocate(), 508);

        assertThat(count(relay, RelayCounter.SOCKETS_REFUSED)).isOne();
        relay.thenNothingIsLeft();
    }

    @Test
    @Rfc({"8656#7.2 (5)", "8656#7.2 (8)"})
    void noPortIsReservedButAnEvenOneIsFound() {
        RelayUnderTest relay = relay(1, 1);
        relay.refuse(alice, Ask.allocate(new EvenPort(true)), 508);
        relay.refuse(alice, Ask.allocate(new ReservationToken(12)), 508);
        relay.thenNothingIsLeft();
        Set<Integer> even = new HashSet<>();

        for (int i = 0; i < 8; i++) {
            TestClient client = TestClient.bob("198.51.100.8:" + i);
            relay.whenClientSends(client, Ask.allocate(new EvenPort(false)));
            even.add(relayed(relay.thenRelayGrants(client)).port());
        }

        assertThat(even).singleElement().satisfies(port -> assertThat(port).isEven());
    }

    private static TransportAddress relayed(StunMessage answer) {
        return answer.get(XorRelayedAddress.TYPE).orElseThrow().address();
    }

    @Test
    void fiftyThousandAllocationsNeedAFewDescriptors() {
        options.ledger = new Ledger(49_152, 65_535, 50_000, 50_000);
        RelayUnderTest relay = relay(4, 16);
        relay.machine.descriptorsLeft = 16;
        for (int i = 0; i < 50_000; i++) {
            relay.allocate(TestClient.alice("198.51." + i / 250 + "." + i % 250 + ":40000"));
        }
        assertThat(relay.ledger.totals()).isEqualTo(new Ledger.Totals(16, 0, 50_000, 1));

        relay.passWithTimers(Duration.ofSeconds(600));

        relay.thenNothingIsLeft();
        assertThat(relay.machine.descriptorsLeft).isEqualTo(16);
    }
}
