package dev.culvert.relay.io;

import static dev.culvert.relay.io.RelayClient.concat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.relay.core.RelayCounter;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.ChannelData;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.testkit.Rfc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is relayed at the edges: nothing, as much as there can be, and to oneself. */
class RelayedDataTest extends LoopbackTest {
    private static final byte[] NOTHING = {};
    private static final int LONGEST = 65_507;

    @Test
    void whatAClientSentBeforeItDeletedItsAllocationLeaves() throws Exception {
        try (RelayClient client = client(Transport.TCP)) {
            client.allocate();
            client.bind(CHANNEL, peer.address());

            client.send(concat(
                    client.channelData(CHANNEL, TEXT, 2),
                    client.refreshRequest(0),
                    client.channelData(CHANNEL, TEXT, 2)));

            assertThat(client.receiveMessage().messageClass()).isEqualTo(MessageClass.SUCCESS_RESPONSE);
            assertThat(peer.receive()).isEqualTo(TEXT);
            await().untilAsserted(() ->
                    assertThat(relay.value(RelayCounter.CHANNEL_DATA_DISCARDED)).isEqualTo(1));
            assertThat(relay.value(RelayCounter.PEER_SEND_FAILURES)).isZero();
        }
    }

    @Rfc({"8656#11.2 (6)", "8656#12.6 (3)"})
    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"UDP", "TCP"})
    void zeroBytesTravelBothWays(Transport transport) throws Exception {
        try (RelayClient client = client(transport)) {
            TransportAddress relayed = client.allocate();
            client.permit(peer.address());

            client.send(client.sendIndication(peer.address(), NOTHING));
            byte[] sent = peer.receive();
            peer.send(NOTHING, relayed);
            peer.send(NOTHING, relayed);
            StunMessage first = client.receiveMessage();
            StunMessage second = client.receiveMessage();
            client.bind(CHANNEL, peer.address());
            client.send(client.channelData(CHANNEL, NOTHING, 0));
            byte[] sentOnChannel = peer.receive();
            peer.send(NOTHING, relayed);
            byte[] onChannel = client.receive();

            assertThat(sent).isEmpty();
            assertThat(first.get(Data.TYPE).orElseThrow().payload().lengthBytes())
                    .isZero();
            assertThat(second.get(Data.TYPE).orElseThrow().payload().lengthBytes())
                    .isZero();
            assertThat(sentOnChannel).isEmpty();
            assertThat(onChannel).isEqualTo(client.channelData(CHANNEL, NOTHING, 0));
        }
    }

    @Test
    void zeroBytesLeaveWithoutEpollToo() throws Exception {
        try (OpenRelay plain = OpenRelay.startWithoutEpoll();
                RelayClient client = RelayClient.to(plain, Transport.UDP)) {
            client.allocate();
            client.bind(CHANNEL, peer.address());

            client.send(client.channelData(CHANNEL, NOTHING, 0));

            assertThat(peer.receive()).isEmpty();
        }
    }

    @Test
    void datagramsWithAndWithoutDataLeaveInTheirOrderAndOnce() throws Exception {
        try (RelayClient client = client(Transport.TCP)) {
            client.allocate();
            client.bind(CHANNEL, peer.address());

            client.send(concat(
                    client.channelData(CHANNEL, bytes(8), 0),
                    client.channelData(CHANNEL, NOTHING, 0),
                    client.channelData(CHANNEL, NOTHING, 0),
                    client.channelData(CHANNEL, bytes(12), 0),
                    client.channelData(CHANNEL, bytes(16), 0)));

            for (int length : new int[] {8, 0, 0, 12, 16}) {
                assertThat(peer.receive()).hasSize(length);
            }
        }
    }

    @Test
    void theLongestDatagramsTravelBothWaysOverTcp() throws Exception {
        byte[] longest = bytes(LONGEST);
        try (RelayClient client = client(Transport.TCP)) {
            TransportAddress relayed = client.allocate();
            client.bind(CHANNEL, peer.address());

            client.send(client.channelData(CHANNEL, longest, 1));
            byte[] sent = peer.receive();
            peer.send(longest, relayed);
            byte[] back = client.receive();

            assertThat(sent).isEqualTo(longest);
            assertThat(back).isEqualTo(client.channelData(CHANNEL, longest, 1));
        }
    }

    @Test
    void whatNoDatagramHoldsIsDroppedAndTheNextOneTravels() throws Exception {
        try (RelayClient client = client(Transport.TCP)) {
            client.allocate();
            client.bind(CHANNEL, peer.address());

            client.send(client.channelData(CHANNEL, bytes(0xFFFF), 1));
            client.send(client.channelData(CHANNEL, TEXT, 2));

            assertThat(peer.receive()).isEqualTo(TEXT);
            await().untilAsserted(() ->
                    assertThat(relay.value(RelayCounter.PEER_SEND_FAILURES)).isEqualTo(1));
        }
    }

    @Test
    void whatNoDatagramToTheClientHoldsIsDroppedAndTheNextOneTravels() throws Exception {
        try (RelayClient client = client(Transport.UDP)) {
            TransportAddress relayed = client.allocate();
            client.bind(CHANNEL, peer.address());

            peer.send(bytes(LONGEST), relayed);
            peer.send(bytes(LONGEST - ChannelData.HEADER_LENGTH), relayed);

            assertThat(client.receive()).hasSize(LONGEST);
            await().untilAsserted(() ->
                    assertThat(relay.value(RelayCounter.CLIENT_SEND_FAILURES)).isEqualTo(1));
        }
    }

    @Test
    void whatStandsBehindChannelDataInADatagramIsPadding() throws Exception {
        try (RelayClient client = client(Transport.UDP)) {
            client.allocate();
            client.bind(CHANNEL, peer.address());

            client.send(client.channelData(CHANNEL, TEXT, 100));

            assertThat(peer.receive()).isEqualTo(TEXT);
        }
    }

    @Test
    void aClientCanBeItsOwnPeer() throws Exception {
        try (RelayClient client = client(Transport.UDP)) {
            TransportAddress relayed = client.allocate();
            client.bind(CHANNEL, relayed);

            client.send(client.channelData(CHANNEL, TEXT, 0));

            assertThat(client.receive()).isEqualTo(client.channelData(CHANNEL, TEXT, 0));
        }
    }

    @Test
    void twoAllocationsOfTheServerReachEachOther() throws Exception {
        try (RelayClient alice = client(Transport.UDP);
                RelayClient bob = client(Transport.TCP)) {
            TransportAddress ofAlice = alice.allocate();
            TransportAddress ofBob = bob.allocate();
            alice.bind(CHANNEL, ofBob);
            bob.bind(CHANNEL, ofAlice);

            alice.send(alice.channelData(CHANNEL, TEXT, 0));
            byte[] atBob = bob.receive();
            bob.send(bob.channelData(CHANNEL, TEXT, 2));
            byte[] atAlice = alice.receive();

            assertThat(atBob).isEqualTo(bob.channelData(CHANNEL, TEXT, 2));
            assertThat(atAlice).isEqualTo(alice.channelData(CHANNEL, TEXT, 0));
            assertThat(relay.value(RelayCounter.HAIRPINNED))
                    .as("packets that no relay socket saw")
                    .isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"UDP", "TCP"})
    void sendIndicationsReachAnotherAllocationOfTheEventLoop(Transport transport) throws Exception {
        try (RelayClient alice = client(transport);
                RelayClient bob = client(Transport.UDP)) {
            TransportAddress ofAlice = alice.allocate();
            TransportAddress ofBob = bob.allocate();
            alice.permit(ofBob);
            bob.permit(ofAlice);

            alice.send(alice.sendIndication(ofBob, TEXT));
            alice.send(alice.sendIndication(ofBob, NOTHING));
            StunMessage first = bob.receiveMessage();
            StunMessage second = bob.receiveMessage();

            assertThat(first.get(Data.TYPE).orElseThrow().payload().toBytes()).isEqualTo(TEXT);
            assertThat(first.get(XorPeerAddress.TYPE).orElseThrow().address()).isEqualTo(ofAlice);
            assertThat(second.get(Data.TYPE).orElseThrow().payload().lengthBytes())
                    .isZero();
            assertThat(relay.value(RelayCounter.HAIRPINNED)).isEqualTo(2);
        }
    }

    @Test
    void allocationsReachEachOtherAtPublicAddressesThatTheRouterDoesNotTurnBack() throws Exception {
        IpAddress told = IpAddress.parse("192.0.2.77").orElseThrow();
        try (OpenRelay behindNat = OpenRelay.startBehindNat(told);
                RelayClient alice = RelayClient.to(behindNat, Transport.UDP);
                RelayClient bob = RelayClient.to(behindNat, Transport.TCP)) {
            TransportAddress ofAlice = alice.allocate();
            TransportAddress ofBob = bob.allocate();
            alice.bind(CHANNEL, ofBob);
            bob.permit(ofAlice);

            alice.send(alice.channelData(CHANNEL, TEXT, 0));
            StunMessage indication = bob.receiveMessage();

            assertThat(ofBob.ip()).isEqualTo(told);
            assertThat(indication.get(Data.TYPE).orElseThrow().payload().toBytes())
                    .isEqualTo(TEXT);
            assertThat(indication.get(XorPeerAddress.TYPE).orElseThrow().address())
                    .isEqualTo(ofAlice);
        }
    }

    @Test
    void longestDataReachAnotherConnectionOfTheEventLoopAndTooLongOnesNoDatagram() throws Exception {
        byte[] longest = bytes(LONGEST);
        try (RelayClient alice = client(Transport.TCP);
                RelayClient bob = client(Transport.TCP);
                RelayClient carol = client(Transport.UDP)) {
            TransportAddress ofAlice = alice.allocate();
            alice.bind(CHANNEL, bob.allocate());
            alice.bind(CHANNEL + 1, carol.allocate());
            bob.bind(CHANNEL, ofAlice);
            carol.bind(CHANNEL, ofAlice);

            alice.send(alice.channelData(CHANNEL + 1, longest, 1));
            alice.send(alice.channelData(CHANNEL + 1, TEXT, 2));
            alice.send(alice.channelData(CHANNEL, longest, 1));

            assertThat(carol.receive()).isEqualTo(carol.channelData(CHANNEL, TEXT, 0));
            assertThat(bob.receive()).isEqualTo(bob.channelData(CHANNEL, longest, 1));
            assertThat(relay.value(RelayCounter.CLIENT_SEND_FAILURES)).isEqualTo(1);
        }
    }
}
