package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.auth.IssuedCredential;
import dev.culvert.relay.core.AllocationView.Traffic;
import dev.culvert.relay.core.RelayEvent.AllocationCreated;
import dev.culvert.relay.core.RelayEvent.AllocationEnded;
import dev.culvert.relay.core.RelayEvent.EndReason;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.TransportAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an operator sees of allocations, and how one is ended. */
class AllocationViewTest {
    private static final String PEER = "192.0.2.9:4000";

    private final TestClient alice = TestClient.alice("198.51.100.7:1000");
    private final TestClient bob = TestClient.bob("198.51.100.8:1000");
    private final RelayUnderTest relay = new RelayUnderTest();

    @Test
    void viewShowsAgeLifetimePermissionsChannelsAndTraffic() {
        TransportAddress relayed = relay.allocate(alice);
        relay.grant(alice, Ask.channelBind(0x4000, PEER));
        relay.grant(alice, Ask.createPermission("192.0.2.10:1"));
        relay.pass(Duration.ofSeconds(10));
        relay.whenClientSendsChannelData(alice, 0x4000);
        relay.whenClientSendsChannelData(alice, 0x4000);
        relay.whenPeerSends(PEER, relayed);

        assertThat(all())
                .containsExactly(new AllocationView(
                        0,
                        alice.flow,
                        "alice",
                        "alice",
                        List.of(relayed),
                        Duration.ofSeconds(10).toNanos(),
                        Duration.ofSeconds(590).toNanos(),
                        2,
                        1,
                        new Traffic(200, 2, 100, 1)));
    }

    @Test
    void walkLeavesOutWhatEndsOnTheWay() {
        relay.allocate(alice);
        relay.allocate(bob);
        AllocationWalk walk = relay.server.walk();
        List<AllocationView> seen = new ArrayList<>();

        boolean isMore = walk.next(1, relay.clock.nowNanos(), seen::add);
        TestClient last = seen.get(0).flow().equals(alice.flow) ? bob : alice;
        relay.grant(last, Ask.refresh(0));
        boolean isStillMore = walk.next(1, relay.clock.nowNanos(), seen::add);

        assertThat(isMore).isTrue();
        assertThat(isStillMore).isFalse();
        assertThat(seen).hasSize(1);
    }

    @Test
    void operatorEndsOneAllocationByItsId() {
        relay.allocate(alice);
        relay.allocate(bob);

        boolean isFound = relay.server.end(1, relay.clock.nowNanos(), relay.out);

        assertThat(isFound).isTrue();
        assertThat(relay.ended()).singleElement().satisfies(ended -> {
            assertThat(ended.id()).isOne();
            assertThat(ended.username()).isEqualTo("bob");
            assertThat(ended.reason()).isEqualTo(EndReason.ENDED_BY_OPERATOR);
        });
        assertThat(relay.server.end(1, relay.clock.nowNanos(), relay.out)).isFalse();
        assertThat(all())
                .singleElement()
                .satisfies(left -> assertThat(left.username()).isEqualTo("alice"));
    }

    @Test
    void eventsCarryTheSameIdAndUser() {
        IssuedCredential issued =
                RelayUnderTest.SHARED_SECRET.issue("carol", RelayUnderTest.START_EPOCH_SECONDS + 3600);
        TestClient carol = TestClient.over(Transport.UDP, "198.51.100.9:1000", issued.username(), issued.password());
        relay.allocate(alice);
        TransportAddress relayed = relay.allocate(carol);
        relay.grant(carol, Ask.refresh(0));

        AllocationEnded ended = relay.ended().get(0);

        assertThat(relay.out.events)
                .contains(new AllocationCreated(1, carol.flow, issued.username(), "carol", List.of(relayed)));
        assertThat(ended.id()).isOne();
        assertThat(ended.userId()).isEqualTo("carol");
        assertThat(ended.relayed()).containsExactly(relayed);
    }

    @Test
    void idsAreShownAsSixteenHexadecimalDigits() {
        AllocationIds ids = new AllocationIds(Long.MAX_VALUE);

        assertThat(AllocationIds.text(ids.next())).isEqualTo("7fffffffffffffff");
        assertThat(AllocationIds.text(ids.next())).isEqualTo("8000000000000000");
        assertThat(AllocationIds.parse("8000000000000000")).hasValue(Long.MIN_VALUE);
        assertThat(AllocationIds.parse("000000000000000g")).isEmpty();
        assertThat(AllocationIds.parse("1")).isEmpty();
    }

    private List<AllocationView> all() {
        List<AllocationView> seen = new ArrayList<>();
        relay.server.walk().next(10, relay.clock.nowNanos(), seen::add);
        return seen;
    }
}
