package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.relay.core.RelayUnderTest.Options;
import dev.culvert.server.core.Counters;
import dev.culvert.server.core.SourceAddress;
import dev.culvert.stun.TransportAddress;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@SuppressWarnings("NullAway") // where a relay port is missing, the test fails
class BitrateTest {
    private static final String PEER = "192.0.2.9:5000";
    private static final String OTHER = "192.0.2.9:5001";
    private static final int CHANNEL = 0x4000;
    private static final long MEGABIT = 1_000_000;

    /** A second's worth of a megabit per second. */
    private static final int BURST = 125_000;

    private final Options options = new Options();
    private final TestClient alice = TestClient.alice("198.51.100.7:40000");
    private final TestClient alsoAlice = TestClient.alice("198.51.100.7:40001");
    private final TestClient bob = TestClient.bob("198.51.100.8:40000");

    /** The ways that application data take. */
    private enum Way {
        CHANNEL_DATA_TO_PEER,
        SEND_INDICATION,
        CHANNEL_DATA_TO_CLIENT,
        DATA_INDICATION
    }

    /** An allocation with a channel to {@link #PEER}, and a permission for {@link #OTHER}. */
    private record Relaying(RelayUnderTest relay, TestClient client, TransportAddress relayed) {
        static Relaying of(RelayUnderTest relay, TestClient client) {
            TransportAddress relayed = relay.allocate(client);
            relay.grant(client, Ask.channelBind(CHANNEL, PEER));
            return new Relaying(relay, client, relayed);
        }

        boolean passes(Way way, int lengthBytes) {
            return switch (way) {
                case CHANNEL_DATA_TO_PEER -> isRouted(lengthBytes);
                case SEND_INDICATION -> isSent(lengthBytes);
                case CHANNEL_DATA_TO_CLIENT -> isRouted(PEER, lengthBytes);
                case DATA_INDICATION -> isRouted(OTHER, lengthBytes);
            };
        }

        private boolean isRouted(int lengthBytes) {
            int endpoint = relay.server.endpoint(client.flow.transport(), client.flow.local());
            return relay.server.routeToPeer(
                            endpoint,
                            SourceAddress.of(client.flow.remote()),
                            CHANNEL,
                            lengthBytes,
                            relay.clock.nowNanos())
                    != null;
        }

        private boolean isRouted(String peer, int lengthBytes) {
            RelayPort port = relay.out.started.get(relayed);
            return relay.server.routeToClient(
                            port, SourceAddress.of(Ask.address(peer)), lengthBytes, relay.clock.nowNanos())
                    != null;
        }

        private boolean isSent(int lengthBytes) {
            relay.whenClientSends(client, Ask.sendIndication(OTHER, "x".repeat(lengthBytes)));
            return relay.out.sent.poll() != null;
        }

        /** Bytes that pass if packets of 1000 come every {@code millis} for {@code seconds}. */
        long passing(Way way, int seconds, int millis) {
            long bytes = 0;
            for (int i = 0; i < seconds * 1000 / millis; i++) {
                relay.pass(Duration.ofMillis(millis));
                bytes += passes(way, 1000) ? 1000 : 0;
            }
            return bytes;
        }
    }

    private static Bitrates perAllocation(long bitsPerSecond) {
        return new Bitrates(OptionalLong.of(bitsPerSecond), OptionalLong.empty(), OptionalLong.empty());
    }

    private static Bitrates perUser(long bitsPerSecond) {
        return new Bitrates(OptionalLong.empty(), OptionalLong.of(bitsPerSecond), OptionalLong.empty());
    }

    private static Bitrates inAll(long bitsPerSecond) {
        return new Bitrates(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.of(bitsPerSecond));
    }

    private RelayUnderTest relay(Bitrates rates) {
        options.ledger.limit(rates);
        return new RelayUnderTest(options);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void everyWayIsHeldToTheRateAndOneSecondsBurst(Way way) {
        RelayUnderTest relay = relay(perAllocation(MEGABIT));
        Relaying relaying = Relaying.of(relay, alice);

        long bytes = relaying.passing(way, 60, 1);

        assertThat(bytes).isBetween(60L * BURST, 61L * BURST);
        Counters<RelayCounter> counters = relay.server.counters();
        assertThat(counters.value(RelayCounter.OVER_ALLOCATION_BITRATE)).isEqualTo(60_000 - bytes / 1000);
        assertThat(counters.value(RelayCounter.BYTES_TO_PEERS) + counters.value(RelayCounter.BYTES_TO_CLIENTS))
                .isEqualTo(bytes);
        assertThat(counters.value(RelayCounter.SEND_INDICATIONS)
                        + counters.value(RelayCounter.CHANNEL_DATA_TO_PEERS)
                        + counters.value(RelayCounter.PACKETS_TO_CLIENTS))
                .isEqualTo(bytes / 1000);
        relay.grant(alice, Ask.refresh(0));
        assertThat(relay.ended())
                .singleElement()
                .satisfies(end -> assertThat(
                                end.traffic().bytesToPeers() + end.traffic().bytesToClient())
                        .isEqualTo(bytes));
    }

    @Test
    void bothDirectionsAndAllWaysShareOneBucket() {
        Relaying relaying = Relaying.of(relay(perAllocation(MEGABIT)), alice);

        for (int i = 0; i < BURST / 1000; i++) {
            Way way = Way.values()[i % Way.values().length];
            assertThat(relaying.passes(way, 1000)).isTrue();
        }

        for (Way way : Way.values()) {
            assertThat(relaying.passes(way, 1)).as(way.name()).isFalse();
        }
    }

    @Test
    void noDatagramIsTooLongForTheSmallestRate() {
        Relaying relaying =
                Relaying.of(relay(new Bitrates(OptionalLong.of(1), OptionalLong.of(1), OptionalLong.of(1))), alice);

        assertThat(relaying.passes(Way.CHANNEL_DATA_TO_PEER, 65_535)).isTrue();
        assertThat(relaying.passes(Way.CHANNEL_DATA_TO_PEER, 2)).isFalse();
    }

    @Test
    void withoutLimitsEverythingPasses() {
        Relaying relaying = Relaying.of(new RelayUnderTest(options), alice);

        for (int i = 0; i < 10_000; i++) {
            assertThat(relaying.passes(Way.CHANNEL_DATA_TO_PEER, 65_535)).isTrue();
        }
    }

    @Test
    void allocationsHaveBucketsOfTheirOwn() {
        RelayUnderTest relay = relay(perAllocation(MEGABIT));
        Relaying one = Relaying.of(relay, alice);
        Relaying other = Relaying.of(relay, alsoAlice);

        assertThat(one.passes(Way.DATA_INDICATION, BURST)).isTrue();

        assertThat(one.passes(Way.DATA_INDICATION, 1)).isFalse();
        assertThat(other.passes(Way.DATA_INDICATION, BURST)).isTrue();
    }

    @Test
    void allocationsOfOneUserShareABucketAcrossEventLoops() {
        Relaying one = Relaying.of(relay(perUser(MEGABIT)), alice);
        RelayUnderTest otherLoop = new RelayUnderTest(options);
        Relaying two = Relaying.of(otherLoop, alsoAlice);
        Relaying ofBob = Relaying.of(otherLoop, bob);

        assertThat(one.passes(Way.CHANNEL_DATA_TO_PEER, BURST)).isTrue();

        assertThat(two.passes(Way.CHANNEL_DATA_TO_CLIENT, 1)).isFalse();
        assertThat(otherLoop.server.counters().value(RelayCounter.OVER_USER_BITRATE))
                .isOne();
        assertThat(ofBob.passes(Way.CHANNEL_DATA_TO_CLIENT, BURST)).isTrue();
    }

    @Test
    void allAllocationsShareTheBucketOfTheServer() {
        Relaying ofAlice = Relaying.of(relay(inAll(MEGABIT)), alice);
        RelayUnderTest otherLoop = new RelayUnderTest(options);
        Relaying ofBob = Relaying.of(otherLoop, bob);

        assertThat(ofAlice.passes(Way.CHANNEL_DATA_TO_PEER, BURST)).isTrue();

        assertThat(ofBob.passes(Way.SEND_INDICATION, 1)).isFalse();
        Counters<RelayCounter> both =
                Counters.sum(RelayCounter.class, List.of(ofAlice.relay.server.counters(), otherLoop.server.counters()));
        assertThat(both.value(RelayCounter.OVER_SERVER_BITRATE)).isOne();
        assertThat(both.value(RelayCounter.BYTES_TO_PEERS)).isEqualTo(BURST);
    }

    @Test
    void whatOneLimitDropsUsesUpNoOther() {
        Relaying ofAlice = Relaying.of(
                relay(new Bitrates(OptionalLong.of(MEGABIT), OptionalLong.of(MEGABIT), OptionalLong.of(MEGABIT))),
                alice);
        Relaying ofBob = Relaying.of(ofAlice.relay, bob);
        assertThat(ofAlice.passes(Way.CHANNEL_DATA_TO_PEER, BURST)).isTrue();

        for (int i = 0; i < 100; i++) {
            assertThat(ofBob.passes(Way.CHANNEL_DATA_TO_PEER, BURST)).isFalse();
        }
        options.ledger.limit(new Bitrates(OptionalLong.of(MEGABIT), OptionalLong.of(MEGABIT), OptionalLong.empty()));

        assertThat(ofBob.passes(Way.CHANNEL_DATA_TO_PEER, BURST)).isTrue();
    }

    @Test
    void goingAndComingBackFillsNoBucketOfAUser() {
        RelayUnderTest relay = relay(perUser(MEGABIT));
        assertThat(Relaying.of(relay, alice).passes(Way.CHANNEL_DATA_TO_PEER, BURST))
                .isTrue();
        relay.grant(alice, Ask.refresh(0));
        assertThat(options.ledger.totals()).isEqualTo(Ledger.Totals.ZERO);

        Relaying again = Relaying.of(relay, alice);

        assertThat(again.passes(Way.CHANNEL_DATA_TO_PEER, 1)).isFalse();
        relay.pass(Duration.ofMillis(100));
        assertThat(again.passes(Way.CHANNEL_DATA_TO_PEER, BURST / 10)).isTrue();
    }

    @Test
    void otherBitratesHoldFromTheNextPacketOn() {
        Relaying relaying = Relaying.of(relay(perAllocation(1)), alice);
        assertThat(relaying.passes(Way.DATA_INDICATION, 65_535)).isTrue();
        assertThat(relaying.passes(Way.DATA_INDICATION, 1000)).isFalse();

        options.ledger.limit(perAllocation(MEGABIT));
        assertThat(relaying.passes(Way.DATA_INDICATION, 1000)).isFalse();
        relaying.relay.pass(Duration.ofMillis(10));

        assertThat(relaying.passes(Way.DATA_INDICATION, 1000)).isTrue();
        assertThat(relaying.passes(Way.DATA_INDICATION, 1000)).isFalse();
        options.ledger.limit(Bitrates.UNLIMITED);
        assertThat(relaying.passes(Way.DATA_INDICATION, 1000)).isTrue();
    }

    @Test
    void limitBelowOneBitPerSecondIsRefused() {
        assertThatThrownBy(() -> inAll(0)).hasMessageContaining("0");
    }
}
