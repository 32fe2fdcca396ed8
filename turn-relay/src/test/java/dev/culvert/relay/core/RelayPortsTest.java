package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.core.PortPool.Choice;
import dev.culvert.relay.core.RelayUnderTest.Options;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.EvenPort;
import dev.culvert.stun.attribute.ReservationToken;
import dev.culvert.stun.attribute.XorRelayedAddress;
import dev.culvert.testkit.Rfc;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RelayPortsTest {
    private final Options options = new Options();
    private final TestClient alice = TestClient.alice("198.51.100.7:40000");

    @Test
    @Rfc("8656#6 (2)")
    void everyPortOfTheRangeIsGivenOnceAndNoneOutside() {
        PortPool pool = new PortPool(50_001, 50_100);
        Set<Integer> given = new HashSet<>();

        for (int i = 0; i < 100; i++) {
            assertThat(given.add(pool.take(Choice.ANY, new Random(i)))).isTrue();
        }

        assertThat(given).allMatch(port -> port >= 50_001 && port <= 50_100);
        assertThat(pool.take(Choice.ANY, new Random())).isEqualTo(PortPool.NO_PORT);
        given.forEach(pool::giveBack);
        assertThat(pool.taken()).isZero();
    }

    @Test
    void portsOfTheWholeRangeAreEquallyLikely() {
        Random random = new Random(7);
        PortPool pool = new PortPool(49_152, 49_167);
        pool.take(Choice.PAIR, random); // a gap, behind which nothing may be likelier
        int[] counts = new int[16];

        for (int i = 0; i < 14_000; i++) {
            int port = pool.take(Choice.ANY, random);
            counts[port - 49_152]++;
            pool.giveBack(port);
        }

        assertThat(Arrays.stream(counts).filter(count -> count > 0).boxed())
                .hasSize(14)
                .allMatch(count -> count > 850 && count < 1150);
    }

    @Test
    @SuppressWarnings("DistinctVarargsChecker") // the same port twice is the case
    void pairsAreEvenAndComplete() {
        PortPool pool = new PortPool(50_001, 50_008);
        Random random = new Random(1);

        assertThat(Set.of(
                        pool.take(Choice.PAIR, random), pool.take(Choice.PAIR, random), pool.take(Choice.PAIR, random)))
                .containsExactlyInAnyOrder(50_002, 50_004, 50_006);
        assertThat(pool.take(Choice.PAIR, random)).isEqualTo(PortPool.NO_PORT);
        assertThat(pool.take(Choice.EVEN, random)).isEqualTo(50_008);
        assertThat(pool.take(Choice.EVEN, random)).isEqualTo(PortPool.NO_PORT);
        assertThat(pool.take(Choice.ANY, random)).isEqualTo(50_001);
    }

    @Test
    @ExclusivePorts
    @Rfc({"8656#7.2 (8)", "8656#7.2 (12)"})
    void fullRangeIsInsufficientCapacity() {
        options.ledger = new Ledger(50_000, 50_001, 100, 100);
        RelayUnderTest relay = new RelayUnderTest(options);
        relay.allocate(alice);

        relay.refuse(TestClient.alice("198.51.100.7:2"), Ask.allocate(new EvenPort(true)), 508);
        relay.allocate(TestClient.alice("198.51.100.7:3"));
        relay.refuse(TestClient.alice("198.51.100.7:4"), Ask.allocate(), 508);

        relay.passWithTimers(Duration.ofSeconds(600));
        relay.thenNothingIsLeft();
    }

    @Test
    void portsOfOtherProgramsArePassedOver() {
        options.ledger = new Ledger(50_000, 50_007, 100, 100);
        RelayUnderTest relay = new RelayUnderTest(options);
        relay.machine.portsOfOthers.addAll(Set.of(50_000, 50_001, 50_003, 50_004, 50_005, 50_007));

        TransportAddress relayed = relay.allocate(alice);

        assertThat(relayed.port()).isIn(50_002, 50_006);
        relay.refuse(TestClient.alice("198.51.100.7:2"), Ask.allocate(new EvenPort(true)), 508);
        relay.grant(alice, Ask.refresh(0));
        relay.thenNothingIsLeft();
    }

    @Test
    void pairOfWhichOneCannotBeBoundIsGivenBackAsAWhole() {
        options.ledger = new Ledger(50_000, 50_001, 100, 100);
        RelayUnderTest relay = new RelayUnderTest(options);
        relay.machine.descriptorsLeft = 1;

        relay.refuse(alice, Ask.allocate(new EvenPort(true)), 508);

        relay.thenNothingIsLeft();
        assertThat(relay.machine.descriptorsLeft).isOne();
    }

    @Test
    @ExclusivePorts
    @Rfc("8656#7.2 (13)")
    void reservationIsRedeemedOnAnotherEventLoop() {
        RelayUnderTest first = new RelayUnderTest(options);
        options.seed = 2;
        RelayUnderTest second = new RelayUnderTest(options);
        TestClient bob = TestClient.bob("198.51.100.8:40000");
        first.whenClientSends(alice, Ask.allocate(new EvenPort(true)));
        StunMessage answer = first.thenRelayGrants(alice);
        TransportAddress even = answer.get(XorRelayedAddress.TYPE).orElseThrow().address();

        second.whenClientSends(
                bob, Ask.allocate(answer.get(ReservationToken.TYPE).orElseThrow()));

        second.thenRelayGrants(bob);
        TransportAddress odd = new TransportAddress(even.ip(), even.port() + 1);
        assertThat(second.out.started).containsOnlyKeys(odd);
        first.passWithTimers(Duration.ofSeconds(600));
        assertThat(options.machine.bound)
                .as("the timer of the first loop leaves it alone")
                .containsExactly(odd);
        second.server.onTimeout(first.clock.nowNanos(), second.out);
        first.thenNothingIsLeft();
        second.thenNothingIsLeft();
    }

    @Test
    @ExclusivePorts
    void redeemerOverQuotaLeavesTheReservationAsItWas() {
        options.ledger = new Ledger(50_000, 50_063, 100, 2);
        RelayUnderTest relay = new RelayUnderTest(options);
        TestClient bob = TestClient.bob("198.51.100.8:1");
        relay.whenClientSends(alice, Ask.allocate(new EvenPort(true)));
        ReservationToken token =
                relay.thenRelayGrants(alice).get(ReservationToken.TYPE).orElseThrow();
        relay.allocate(bob);
        relay.allocate(TestClient.bob("198.51.100.8:2"));

        relay.refuse(TestClient.bob("198.51.100.8:3"), Ask.allocate(token), 486);

        relay.grant(TestClient.alice("198.51.100.7:2"), Ask.allocate(token));
    }

    @Test
    @ExclusivePorts
    void thousandsOfAllocationsLeaveNothingBehind() {
        options.ledger = new Ledger(40_000, 50_000, 20_000, 20_000);
        RelayUnderTest relay = new RelayUnderTest(options);
        for (int i = 0; i < 5000; i++) {
            TestClient client = TestClient.alice("198.51.100.7:" + (10_000 + i));
            relay.allocate(client);
            relay.grant(client, Ask.channelBind(0x4000, "192.0.2.9:5000"));
            if (i % 2 == 0) {
                relay.grant(client, Ask.refresh(0));
            }
        }
        assertThat(relay.ledger.totals()).isEqualTo(new Ledger.Totals(2500, 0, 2500, 1));

        relay.passWithTimers(Duration.ofSeconds(600));

        relay.thenNothingIsLeft();
    }
}
