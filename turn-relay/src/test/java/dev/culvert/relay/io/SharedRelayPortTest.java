package dev.culvert.relay.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.relay.core.Ledger;
import dev.culvert.relay.core.RelayCounter;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.EvenPort;
import java.io.IOException;
import java.net.DatagramSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients on UDP and TCP whose allocations are one socket. */
class SharedRelayPortTest {
    private static final int CHANNEL = 0x4000;
    private static final byte[] TO_ALICE = {1, 2, 3, 4};
    private static final byte[] TO_BOB = {5, 6, 7, 8};

    private OpenRelay relay;
    private RelayClient alice;
    private RelayClient bob;
    private LoopbackPeer peer;
    private LoopbackPeer other;
    private TransportAddress relayed;

    @BeforeEach
    void open() throws Exception {
        relay = OpenRelay.startSharing(freePort());
        alice = RelayClient.to(relay, Transport.UDP);
        bob = RelayClient.to(relay, Transport.TCP);
        peer = new LoopbackPeer();
        other = new LoopbackPeer();
        relayed = alice.allocate();
        assertThat(bob.allocate()).isEqualTo(relayed);
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @AfterEach
    void close() throws IOException {
        other.close();
        peer.close();
        bob.close();
        alice.close();
        relay.close();
    }

    @Test
    void eachHearsThePeerToWhichItHasAChannelOrHasSent() throws Exception {
        alice.bind(CHANNEL, peer.address());
        bob.permit(other.address());
        alice.send(alice.channelData(CHANNEL, TO_BOB, 0));
        bob.send(bob.sendIndication(other.address(), TO_ALICE));
        byte[] atPeer = peer.receive();
        byte[] atOther = other.receive();

        peer.send(TO_ALICE, relayed);
        other.send(TO_BOB, relayed);

        assertThat(alice.receive()).isEqualTo(alice.channelData(CHANNEL, TO_ALICE, 0));
        StunMessage indication = bob.receiveMessage();
        assertThat(indication.get(Data.TYPE).orElseThrow().payload().toBytes()).isEqualTo(TO_BOB);
        assertThat(atPeer).isEqualTo(TO_BOB);
        assertThat(atOther).isEqualTo(TO_ALICE);
        assertThat(relay.totals()).isEqualTo(new Ledger.Totals(1, 0, 2, 1));
    }

    @Test
    void onePeerIsOneClients() throws Exception {
        alice.bind(CHANNEL, peer.address());
        bob.permit(peer.address());

        bob.send(bob.sendIndication(peer.address(), TO_BOB));
        alice.send(alice.channelData(CHANNEL, TO_ALICE, 0));

        assertThat(peer.receive()).isEqualTo(TO_ALICE);
        await().untilAsserted(() ->
                assertThat(relay.value(RelayCounter.PEER_COLLISIONS)).isOne());
    }

    @Test
    void packetThatMayBeOfBothIsNobodys() throws Exception {
        alice.permit(peer.address());
        bob.permit(peer.address());

        other.send(TO_ALICE, relayed);
        await().untilAsserted(() ->
                assertThat(relay.value(RelayCounter.PEER_PACKETS_AMBIGUOUS)).isOne());
        bob.deleteAllocation();
        other.send(TO_ALICE, relayed);

        StunMessage first = alice.receiveMessage();
        assertThat(first.get(Data.TYPE).orElseThrow().payload().toBytes()).isEqualTo(TO_ALICE);
        assertThat(relay.value(RelayCounter.PACKETS_TO_CLIENTS)).isOne();
    }

    @Test
    void socketStaysForTheLastClientAndGoesWithIt() throws Exception {
        alice.deleteAllocation();
        bob.bind(CHANNEL, peer.address());

        peer.send(TO_BOB, relayed);

        assertThat(bob.receive()).isEqualTo(bob.channelData(CHANNEL, TO_BOB, 0));
        bob.close();
        await().untilAsserted(() -> assertThat(relay.totals()).isEqualTo(Ledger.Totals.ZERO));
        assertThat(alice.allocate()).as("the port is free again").isEqualTo(relayed);
    }

    @Test
    void pairsAreNotReserved() throws Exception {
        try (RelayClient carol = RelayClient.to(relay, Transport.UDP)) {
            StunMessage answer = carol.ask(carol.allocateRequest(new EvenPort(true)));

            assertThat(answer.get(ErrorCode.TYPE).map(ErrorCode::code)).contains(508);
        }
    }
}
