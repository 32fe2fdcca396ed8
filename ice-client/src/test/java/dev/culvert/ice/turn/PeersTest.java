package dev.culvert.ice.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.stun.ChannelData;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.testkit.Rfc;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeersTest {
    private static final TransportAddress PEER =
            TransportAddress.parse("203.0.113.5:6000").orElseThrow();
    private static final TransportAddress OTHER_PEER =
            TransportAddress.parse("203.0.113.6:6000").orElseThrow();
    private static final TransportAddress PEER_V6 =
            TransportAddress.parse("[2001:db8::5]:6000").orElseThrow();
    private static final byte[] HELLO = {'h', 'e', 'l', 'l', 'o'};

    private final TurnFlow flow = TurnFlow.overUdp().allocated();

    @Test
    @Rfc({"8656#10.1 (1)", "8656#10.3", "8656#11.1 (1)"})
    void permittedPeerIsReachedByIndications() {
        flow.permit(PEER);

        boolean isSent = flow.send(PEER, 5);
        flow.sendFromPeer(PEER, HELLO);

        assertThat(isSent).isTrue();
        assertThat(flow.events).containsExactly(new TurnEvent.PermissionInstalled(PEER.ip()));
        assertThat(flow.server.relayed).containsExactly("203.0.113.5:6000 5");
        assertThat(flow.data).containsExactly("203.0.113.5:6000 hello");
    }

    @Test
    @Rfc("8656#11.1 (1)")
    void nothingIsSentToAPeerWithoutPermission() {
        boolean isSent = flow.send(PEER, 5);

        assertThat(isSent).isFalse();
        assertThat(flow.server.relayed).isEmpty();
        assertThat(flow.server.dropped).isZero();
    }

    @Test
    @Rfc({"8656#12.1 (1)", "8656#12.3 (1)", "8656#12.5 (1)"})
    void boundPeerIsReachedByChannel() {
        flow.bindChannel(PEER);

        flow.send(PEER, 5);
        flow.sendFromPeer(PEER, HELLO);

        assertThat(flow.events)
                .containsExactly(
                        new TurnEvent.PermissionInstalled(PEER.ip()), new TurnEvent.ChannelBound(PEER, 0x4000));
        assertThat(flow.sent.get(flow.sent.size() - 1).remaining()).isEqualTo(4 + 5);
        assertThat(flow.server.relayed).containsExactly("203.0.113.5:6000 5");
        assertThat(flow.data).containsExactly("203.0.113.5:6000 hello");
    }

    @Test
    @Rfc("8656#12 (1)")
    void everyPeerHasAChannelOfItsOwn() {
        flow.bindChannel(PEER);
        flow.bindChannel(OTHER_PEER);
        flow.bindChannel(PEER);

        assertThat(flow.events)
                .contains(new TurnEvent.ChannelBound(PEER, 0x4000), new TurnEvent.ChannelBound(OTHER_PEER, 0x4001));
        assertThat(flow.server.methods.stream().filter(method -> method == StunMethod.CHANNEL_BIND))
                .hasSize(2);
    }

    @Test
    void channelsAreAsManyAsTheNumbers() {
        for (int port = 1; port <= 4097; port++) {
            flow.client.bindChannel(new TransportAddress(PEER.ip(), port), flow.clock.nowNanos(), flow);
        }

        flow.run(Duration.ofSeconds(1));

        assertThat(flow.events)
                .contains(new TurnEvent.ChannelBound(new TransportAddress(PEER.ip(), 4096), ChannelData.MAX_NUMBER))
                .contains(new TurnEvent.ChannelFailed(
                        new TransportAddress(PEER.ip(), 4097), new TurnFailure.NoChannelLeft()));
    }

    @Test
    @Rfc("8656#12 (2)")
    void refusedChannelIsTriedAgainWithTheSameNumberOnly() {
        flow.server.refuse(StunMethod.CHANNEL_BIND, 508);
        flow.bindChannel(PEER);
        flow.server.relent();

        flow.bindChannel(OTHER_PEER);
        flow.bindChannel(PEER);

        assertThat(flow.events)
                .startsWith(new TurnEvent.ChannelFailed(PEER, new TurnFailure.Refused(ErrorCode.of(508), List.of())))
                .contains(new TurnEvent.ChannelBound(OTHER_PEER, 0x4001), new TurnEvent.ChannelBound(PEER, 0x4000));
        StunMessage last = flow.server.requests.get(flow.server.requests.size() - 1);
        assertThat(last.get(ChannelNumber.TYPE)).contains(new ChannelNumber(0x4000));
    }

    @Test
    void refusedPermissionIsToldAndMayBeAskedForAgain() {
        flow.server.refuse(StunMethod.CREATE_PERMISSION, 403);
        flow.permit(PEER);
        flow.server.relent();

        flow.permit(PEER);

        assertThat(flow.events)
                .containsExactly(
                        new TurnEvent.PermissionFailed(
                                PEER.ip(), new TurnFailure.Refused(ErrorCode.of(403), List.of())),
                        new TurnEvent.PermissionInstalled(PEER.ip()));
    }

    @Test
    void permissionThatIsThereIsNotAskedForTwice() {
        flow.permit(PEER);
        flow.permit(new TransportAddress(PEER.ip(), 7));

        assertThat(flow.server.methods.stream().filter(method -> method == StunMethod.CREATE_PERMISSION))
                .hasSize(1);
    }

    @Test
    void permissionThatIsRefusedLaterIsLost() {
        flow.permit(PEER);
        flow.server.refuse(StunMethod.CREATE_PERMISSION, 403);

        flow.run(Duration.ofMinutes(5));

        assertThat(flow.events)
                .contains(new TurnEvent.PermissionFailed(
                        PEER.ip(), new TurnFailure.Refused(ErrorCode.of(403), List.of())));
        assertThat(flow.send(PEER, 1)).isFalse();
    }

    @Test
    void mismatchAtAPermissionEndsTheAllocation() {
        flow.server.restart();

        flow.permit(PEER);

        assertThat(flow.events)
                .containsExactly(new TurnEvent.AllocationLost(new TurnFailure.Refused(ErrorCode.of(437), List.of())));
        assertThat(flow.client.nextDeadlineNanos()).isEmpty();
    }

    @Test
    @Rfc({"8656#10.1 (2)", "8656#12.1 (2)"})
    void peerOfAnotherFamilyIsAMistake() {
        assertThatThrownBy(() -> flow.permit(PEER_V6)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> flow.bindChannel(PEER_V6)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void releasedPeerIsNeitherServedNorRenewed() {
        flow.bindChannel(PEER);
        flow.permit(OTHER_PEER);
        int before = flow.server.methods.size();

        flow.client.release(PEER.ip());
        boolean isSent = flow.send(PEER, 5);
        flow.sendFromPeer(PEER, HELLO);
        flow.run(Duration.ofMinutes(9).plusSeconds(30));

        assertThat(isSent).isFalse();
        assertThat(flow.data).isEmpty();
        List<Integer> later = flow.server.methods.subList(before, flow.server.methods.size());
        assertThat(later).doesNotContain(StunMethod.CHANNEL_BIND);
        assertThat(later.stream().filter(method -> method == StunMethod.CREATE_PERMISSION))
                .as("renewals of the other peer")
                .hasSize(2);
    }

    @Test
    void releasedPeerMayComeBackOnItsOldNumber() {
        flow.bindChannel(PEER);
        flow.client.release(PEER.ip());
        flow.events.clear();

        flow.bindChannel(PEER);

        assertThat(flow.events)
                .containsExactly(
                        new TurnEvent.PermissionInstalled(PEER.ip()), new TurnEvent.ChannelBound(PEER, 0x4000));
    }

    @Test
    void answersThatComeAfterTheReleaseChangeNothing() {
        flow.client.permit(PEER.ip(), flow.clock.nowNanos(), flow);
        flow.client.bindChannel(PEER, flow.clock.nowNanos(), flow);

        flow.client.release(PEER.ip());
        flow.run(Duration.ofSeconds(1));

        assertThat(flow.events).isEmpty();
        assertThat(flow.send(PEER, 1)).isFalse();
    }
}
