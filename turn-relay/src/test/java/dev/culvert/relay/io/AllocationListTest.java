package dev.culvert.relay.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.core.AllocationView;
import dev.culvert.relay.core.AllocationView.Traffic;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a running server says of its allocations, whichever event loop has them. */
class AllocationListTest {
    private static final int ALLOCATION_MISMATCH = 437;
    private static final int LENGTH = 100;

    @Test
    void allAllocationsAreListedWithWhatTheyRelayed() throws Exception {
        try (OpenRelay relay = OpenRelay.start(2, 49152, 65535);
                LoopbackPeer peer = new LoopbackPeer();
                RelayClient udp = RelayClient.to(relay, Transport.UDP);
                RelayClient tcp = RelayClient.to(relay, Transport.TCP)) {
            TransportAddress ofUdp = udp.allocate();
            TransportAddress ofTcp = tcp.allocate();
            udp.bind(0x4000, peer.address());
            tcp.permit(peer.address());
            udp.send(udp.channelData(0x4000, new byte[LENGTH], 0));
            tcp.send(tcp.sendIndication(peer.address(), new byte[LENGTH]));
            peer.receive();
            peer.receive();
            peer.send(new byte[LENGTH], ofTcp);
            tcp.receive();

            List<AllocationView> all = relay.relay().allocations().await();

            assertThat(all).hasSize(2).extracting(AllocationView::id).doesNotHaveDuplicates();
            assertThat(view(all, Transport.UDP).relayed()).containsExactly(ofUdp);
            assertThat(view(all, Transport.UDP).traffic()).isEqualTo(new Traffic(LENGTH, 1, 0, 0));
            assertThat(view(all, Transport.TCP).relayed()).containsExactly(ofTcp);
            assertThat(view(all, Transport.TCP).traffic()).isEqualTo(new Traffic(LENGTH, 1, LENGTH, 1));
        }
    }

    @Test
    void endedAllocationIsGone() throws Exception {
        try (OpenRelay relay = OpenRelay.start(2, 49152, 65535);
                RelayClient client = RelayClient.to(relay, Transport.UDP)) {
            client.allocate();
            long id = relay.relay().allocations().await().get(0).id();

            assertThat(relay.relay().end(id + 1).await()).isFalse();
            assertThat(relay.relay().end(id).await()).isTrue();

            assertThat(relay.relay().allocations().await()).isEmpty();
            assertThat(client.ask(client.refreshRequest(600))
                            .get(ErrorCode.TYPE)
                            .map(ErrorCode::code))
                    .contains(ALLOCATION_MISMATCH);
        }
    }

    private static AllocationView view(List<AllocationView> all, Transport transport) {
        return all.stream()
                .filter(view -> view.flow().transport() == transport)
                .findFirst()
                .orElseThrow();
    }
}
