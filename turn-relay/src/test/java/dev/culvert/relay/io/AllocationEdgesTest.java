package dev.culvert.relay.io;

import static dev.culvert.relay.io.RelayClient.concat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.relay.core.ExclusivePorts;
import dev.culvert.relay.core.Ledger;
import dev.culvert.relay.core.RelayCounter;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.AdditionalAddressFamily;
import dev.culvert.stun.attribute.AddressErrorCode;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.EvenPort;
import dev.culvert.stun.attribute.ReservationToken;
import dev.culvert.stun.attribute.XorPeerAddress;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What clients do to their allocations at the edges, on real sockets. */
class AllocationEdgesTest extends LoopbackTest {
    private void awaitNothingLeft() {
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(relay.totals()).isEqualTo(Ledger.Totals.ZERO));
    }

    @Test
    void aClientUsesItsFiveTupleAgainAtOnce() throws Exception {
        try (RelayClient client = client(Transport.UDP)) {
            for (int i = 0; i < 50; i++) {
                TransportAddress relayed = client.allocate();
                client.bind(CHANNEL, peer.address());
                peer.send(TEXT, relayed);
                assertThat(client.receive()).isEqualTo(client.channelData(CHANNEL, TEXT, 0));
                client.deleteAllocation();
            }
        }

        awaitNothingLeft();
    }

    @Test
    void aConnectionThatIsClosedWhileDataFlowLeavesNothing() throws Exception {
        try (RelayClient client = client(Transport.TCP)) {
            TransportAddress relayed = client.allocate();
            client.bind(CHANNEL, peer.address());
            for (int i = 0; i < 500; i++) {
                client.send(client.channelData(CHANNEL, bytes(1000), 0));
                peer.send(bytes(1000), relayed);
            }
        }

        awaitNothingLeft();
        assertThat(relay.value(RelayCounter.ALLOCATIONS_ENDED)).isEqualTo(1);
    }

    @Test
    void aClientThatDoesNotReadGetsOnlyWhatFitsAndHoldsUpNobody() throws Exception {
        try (RelayClient deaf = client(Transport.TCP);
                RelayClient other = client(Transport.TCP)) {
            TransportAddress relayed = deaf.allocate();
            deaf.bind(CHANNEL, peer.address());
            TransportAddress ofOther = other.allocate();
            other.bind(CHANNEL, peer.address());

            await().atMost(Duration.ofSeconds(20)).until(() -> {
                for (int i = 0; i < 50; i++) {
                    peer.send(bytes(60_000), relayed);
                }
                return relay.value(RelayCounter.CLIENT_SEND_FAILURES) > 0;
            });
            peer.send(TEXT, ofOther);

            assertThat(other.receive()).isEqualTo(other.channelData(CHANNEL, TEXT, 2));
        }
        awaitNothingLeft();
    }

    @Test
    void aFamilyThatIsMissingIsToldBesideTheOtherOne() throws Exception {
        try (RelayClient client = client(Transport.UDP)) {
            StunMessage answer =
                    client.ask(client.allocateRequest(new AdditionalAddressFamily(AddressFamily.IPV6.number())));

            assertThat(answer.messageClass()).isEqualTo(MessageClass.SUCCESS_RESPONSE);
            assertThat(answer.get(AddressErrorCode.TYPE).orElseThrow().code()).isEqualTo(440);
        }
    }

    @Test
    void channelBindFailuresLeaveTheChannelAsItWas() throws Exception {
        TransportAddress other = new TransportAddress(peer.address().ip(), 9);
        try (RelayClient client = client(Transport.UDP)) {
            client.allocate();
            client.bind(CHANNEL, peer.address());

            StunMessage sameNumber = client.ask(
                    client.request(StunMethod.CHANNEL_BIND, new ChannelNumber(CHANNEL), new XorPeerAddress(other)));
            StunMessage samePeer = client.ask(client.request(
                    StunMethod.CHANNEL_BIND, new ChannelNumber(CHANNEL + 1), new XorPeerAddress(peer.address())));
            client.send(client.channelData(CHANNEL, TEXT, 0));

            assertThat(List.of(code(sameNumber), code(samePeer))).containsExactly(400, 400);
            assertThat(peer.receive()).isEqualTo(TEXT);
        }
    }

    private static int code(StunMessage answer) {
        return answer.get(ErrorCode.TYPE).orElseThrow().code();
    }

    @Test
    @ExclusivePorts
    void aRangeOfTwoPortsHoldsOnePairAndItsTokenIsGoodOnAnotherLoop() throws Exception {
        try (OpenRelay narrow = OpenRelay.start(4, 50_120, 50_121);
                RelayClient first = RelayClient.to(narrow, Transport.UDP)) {
            StunMessage answer = first.ask(first.allocateRequest(new EvenPort(true)));
            ReservationToken token = answer.get(ReservationToken.TYPE).orElseThrow();

            try (RelayClient late = RelayClient.to(narrow, Transport.UDP)) {
                assertThat(code(late.ask(late.allocateRequest()))).isEqualTo(508);
            }
            for (int i = 0; i < 8; i++) {
                try (RelayClient second = RelayClient.to(narrow, i % 2 == 0 ? Transport.UDP : Transport.TCP)) {
                    StunMessage redeemed = second.ask(second.allocateRequest(token));
                    if (i > 0) {
                        assertThat(code(redeemed)).isEqualTo(508);
                        continue;
                    }
                    second.bind(CHANNEL, peer.address());
                    second.send(second.channelData(CHANNEL, TEXT, 0));
                    assertThat(peer.receive()).isEqualTo(TEXT);
                    second.deleteAllocation();
                }
            }
            first.deleteAllocation();

            assertThat(narrow.totals()).isEqualTo(Ledger.Totals.ZERO);
        }
    }

    @Test
    void aClientThatAsksAndDoesNotReadIsNotReadAnyMore() throws Exception {
        RelayClient deaf = client(Transport.TCP);
        deaf.allocate();
        byte[] requests = concat(
                IntStream.range(0, 100).mapToObj(i -> deaf.refreshRequest(600)).toArray(byte[][]::new));
        AtomicLong sent = new AtomicLong();
        Thread flood = new Thread(() -> {
            try {
                while (true) {
                    deaf.send(requests);
                    sent.incrementAndGet();
                }
            } catch (IOException closed) {
                return;
            }
        });

        flood.start();

        AtomicLong before = new AtomicLong(-1);
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> before.getAndSet(sent.get()) == sent.get());
        try (RelayClient other = client(Transport.UDP)) {
            other.allocate();
            other.deleteAllocation();
        }
        deaf.close();
        flood.join(5000);
        assertThat(flood.isAlive()).isFalse();
        awaitNothingLeft();
    }

    @Test
    void aConnectionThatAProxyLostTakesNothingFromTheOneAfterIt() throws Exception {
        byte[] header = "PROXY TCP4 198.51.100.7 192.0.2.1 4711 3478\r\n".getBytes(StandardCharsets.US_ASCII);
        try (OpenRelay proxied = OpenRelay.startBehindProxy()) {
            RelayClient lost = RelayClient.to(proxied, Transport.TCP);
            lost.send(header);
            lost.allocate();

            try (RelayClient after = RelayClient.to(proxied, Transport.TCP)) {
                after.send(header);
                TransportAddress relayed = after.allocate();
                after.bind(CHANNEL, peer.address());
                assertThatThrownBy(lost::receive).isInstanceOf(EOFException.class);
                lost.close();

                peer.send(TEXT, relayed);

                assertThat(after.receive()).isEqualTo(after.channelData(CHANNEL, TEXT, -TEXT.length & 3));
                assertThat(proxied.totals().units()).isEqualTo(1);
            }
        }
    }

    @Test
    void nothingBeginsWhileTheServerEnds() throws Exception {
        OpenRelay ending = OpenRelay.start(2, 49152, 65535);
        List<RelayClient> clients = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            clients.add(RelayClient.to(ending, Transport.UDP));
        }
        AtomicBoolean isOver = new AtomicBoolean();
        Thread asking = new Thread(() -> {
            while (!isOver.get()) {
                clients.forEach(AllocationEdgesTest::askWithoutWaiting);
            }
        });
        asking.start();
        await().until(() -> ending.value(RelayCounter.ALLOCATIONS_MADE) >= clients.size());

        ending.close();

        isOver.set(true);
        asking.join();
        assertThat(ending.totals()).isEqualTo(Ledger.Totals.ZERO);
        for (RelayClient client : clients) {
            client.close();
        }
    }

    private static void askWithoutWaiting(RelayClient client) {
        try {
            client.send(client.allocateRequest());
        } catch (IOException refused) {
            // By ICMP, once the server is gone.
            return;
        }
    }
}
