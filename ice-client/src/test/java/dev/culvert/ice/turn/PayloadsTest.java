package dev.culvert.ice.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.stun.Octets;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.DontFragment;
import dev.culvert.stun.attribute.Icmp;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.testkit.AllocationMeter;
import dev.culvert.testkit.Rfc;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PayloadsTest {
    private static final TransportAddress PEER =
            TransportAddress.parse("203.0.113.5:6000").orElseThrow();
    private static final TransportAddress OTHER_PEER =
            TransportAddress.parse("203.0.113.6:6000").orElseThrow();
    private static final byte[] HELLO = {'h', 'e', 'l', 'l', 'o'};

    private final TurnFlow flow = TurnFlow.overUdp().allocated();

    @Test
    @Rfc("8656#12.5 (2)")
    void channelDataIsPaddedOverAStream() {
        TurnFlow stream = TurnFlow.overTcp().allocated();
        stream.bindChannel(PEER);

        stream.send(PEER, 5);

        assertThat(stream.sent.get(stream.sent.size() - 1).remaining()).isEqualTo(4 + 8);
        assertThat(stream.server.relayed).containsExactly("203.0.113.5:6000 5");
    }

    @Test
    @Rfc({"8656#11.4 (1)", "8656#11.4 (2)"})
    void dataWithoutPeerOrFromAPeerWithoutPermissionIsDiscarded() {
        flow.deliver(ScriptedTurnServer.dataIndication(new Data(Octets.of(HELLO))));
        flow.deliver(ScriptedTurnServer.dataIndication(new XorPeerAddress(PEER), new Data(Octets.of(HELLO))));

        assertThat(flow.data).isEmpty();
        assertThat(flow.client.discarded()).isEqualTo(2);
    }

    @Test
    @Rfc("8656#12.6 (1)")
    void dataOnAnUnboundChannelIsDiscarded() {
        flow.deliver(ScriptedTurnServer.channelData(0x4000, HELLO));
        flow.deliver(ScriptedTurnServer.channelData(0x7FFF, HELLO));

        assertThat(flow.data).isEmpty();
        assertThat(flow.client.discarded()).isEqualTo(2);
    }

    @Test
    @Rfc("8656#12 (3)")
    void dataMayOvertakeTheAnswerToTheBinding() {
        flow.client.bindChannel(PEER, flow.clock.nowNanos(), flow);
        flow.client.permit(OTHER_PEER.ip(), flow.clock.nowNanos(), flow);

        flow.deliver(ScriptedTurnServer.channelData(0x4000, HELLO));
        flow.deliver(ScriptedTurnServer.dataIndication(new XorPeerAddress(OTHER_PEER), new Data(Octets.of(HELLO))));

        assertThat(flow.data).containsExactly("203.0.113.5:6000 hello", "203.0.113.6:6000 hello");
    }

    @Test
    @Rfc("8656#11.6 (1)")
    void icmpErrorIsTold() {
        flow.permit(PEER);
        Icmp tooBig = new Icmp(3, 4, 1280);

        flow.deliver(ScriptedTurnServer.dataIndication(new XorPeerAddress(PEER), tooBig));

        assertThat(flow.events).endsWith(new TurnEvent.PeerUnreachable(PEER, tooBig));
    }

    @Test
    void unfragmentedPayloadGoesByIndicationEvenIfAChannelIsBound() {
        flow.bindChannel(PEER);

        flow.client.sendUnfragmented(PEER, ByteBuffer.wrap(HELLO), flow);
        flow.run(Duration.ofSeconds(1));

        StunMessage indication = new StunMessage();
        indication.wrap(flow.sent.get(flow.sent.size() - 1));
        assertThat(indication.has(DontFragment.TYPE)).isTrue();
        assertThat(indication.get(Data.TYPE)).contains(new Data(Octets.of(HELLO)));
        assertThat(flow.server.relayed).containsExactly("203.0.113.5:6000 5");
    }

    @Test
    void packetsFromAnotherSourceAndRubbishAreDiscarded() {
        flow.permit(PEER);
        ByteBuffer indication = ScriptedTurnServer.dataIndication(new XorPeerAddress(PEER), new Data(Octets.of(HELLO)));

        flow.client.onPacket(OTHER_PEER, indication, flow.clock.nowNanos(), flow);
        flow.deliver(ByteBuffer.allocate(0));
        flow.deliver(ByteBuffer.allocate(25));
        flow.deliver(ByteBuffer.allocate(30).put(0, (byte) 0x80));

        assertThat(flow.data).isEmpty();
        assertThat(flow.client.discarded()).isEqualTo(4);
    }

    @Test
    void longestPayloadFitsAndALongerOneIsAMistake() {
        flow.permit(PEER);

        assertThat(flow.send(PEER, TurnClient.MAX_PAYLOAD_LENGTH)).isTrue();

        assertThat(flow.server.relayed).containsExactly("203.0.113.5:6000 " + TurnClient.MAX_PAYLOAD_LENGTH);
        assertThatThrownBy(() -> flow.send(PEER, TurnClient.MAX_PAYLOAD_LENGTH + 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void dataOnABoundChannelCostsNoHeap() {
        flow.bindChannel(PEER);
        SilentOutput sink = new SilentOutput();
        ByteBuffer payload = ByteBuffer.allocate(1200);
        ByteBuffer incoming = ScriptedTurnServer.channelData(0x4000, new byte[1200]);
        long now = flow.clock.nowNanos();

        double outgoingBytes = AllocationMeter.bytesPerOperation(() -> flow.client.send(PEER, payload, sink));
        double incomingBytes = AllocationMeter.bytesPerOperation(
                () -> flow.client.onPacket(ScriptedTurnServer.ADDRESS, incoming, now, sink));

        assertThat(outgoingBytes).isZero();
        assertThat(incomingBytes).isZero();
        assertThat(sink.sentBytes).isPositive();
        assertThat(sink.receivedBytes).isPositive();
    }

    /** Counts and keeps nothing. */
    private static final class SilentOutput implements TurnOutput {
        private long sentBytes;
        private long receivedBytes;

        @Override
        public void transmit(ByteBuffer message) {
            throw new AssertionError("nothing to send");
        }

        @Override
        public void transmit(ByteBuffer header, ByteBuffer payload, int paddingBytes) {
            sentBytes += header.remaining() + payload.remaining() + paddingBytes;
        }

        @Override
        public void onData(TransportAddress peer, ByteBuffer buffer, int offset, int lengthBytes) {
            receivedBytes += lengthBytes;
        }

        @Override
        public void onEvent(TurnEvent event) {
            throw new AssertionError("nothing happens: " + event);
        }
    }
}
