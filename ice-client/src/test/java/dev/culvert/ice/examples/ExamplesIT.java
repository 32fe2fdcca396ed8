package dev.culvert.ice.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.ice.SocketId;
import dev.culvert.ice.StunReply;
import dev.culvert.ice.StunRequest;
import dev.culvert.ice.StunTransaction;
import dev.culvert.ice.StunTransactionHandler;
import dev.culvert.ice.nat.NatType;
import dev.culvert.ice.nat.ProbeServer;
import dev.culvert.ice.turn.Coturn;
import dev.culvert.ice.vertx.IceGathering;
import dev.culvert.ice.vertx.TurnConnection;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunUri;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Requirements;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples that ask a server do it with coturn on the loopback interface. */
@Timeout(60)
class ExamplesIT {
    private final Vertx vertx = Vertx.vertx();

    @TempDir
    private Path folder;

    private Coturn coturn;
    private TransportAddress server;

    @BeforeEach
    void startCoturn() throws IOException {
        Requirements.command("turnserver");
        coturn = Coturn.start(folder);
        server = TransportAddress.of(coturn.address());
    }

    @AfterEach
    void stop() {
        vertx.close().await();
        coturn.close();
    }

    @Test
    void candidatesOfThisHostAreSignalled() throws IOException {
        Requirements.that(hasNetwork(), "needs a network interface besides the loopback");
        List<String> signalled = new CopyOnWriteArrayList<>();

        try (IceGathering gathering = GatherCandidates.gather(vertx, server.toString(), Coturn.USER, signalled::add)) {
            gathering.complete().await();

            assertThat(signalled)
                    .anySatisfy(
                            line -> assertThat(line).startsWith("a=candidate:").contains(" typ host"))
                    .anySatisfy(line -> assertThat(line).contains(" typ relay raddr "));
        }
    }

    private static boolean hasNetwork() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .anyMatch(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress());
    }

    @Test
    void codecAloneAsksForTheAddress() throws IOException {
        try (DatagramChannel channel = DatagramChannel.open().connect(coturn.address())) {
            assertThat(ExchangeMessages.ask(channel))
                    .contains(TransportAddress.of((InetSocketAddress) channel.getLocalAddress()));
        }
    }

    @Test
    void transactionIsDrivenByHand() throws IOException {
        List<TransportAddress> answered = new ArrayList<>();
        StunTransactionHandler handler = new StunTransactionHandler() {
            @Override
            public void onAnswer(StunRequest request, StunReply answer, StunTransaction transaction) {
                answered.add(answer.from());
            }

            @Override
            public void onSilence(StunRequest request, StunTransaction transaction) {}
        };
        try (DatagramSocket udp = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            udp.setSoTimeout(20);

            new AskByHand(udp).ask(bindingRequest(), handler);

            assertThat(answered).containsExactly(server);
        }
    }

    private StunRequest bindingRequest() {
        TransactionId id = TransactionId.random(new SecureRandom());
        ByteBuffer bytes = ByteBuffer.allocate(64);
        new StunWriter()
                .begin(bytes, MessageClass.REQUEST, StunMethod.BINDING, id)
                .fingerprint();
        return new StunRequest(new SocketId(0), server, server, id, bytes.flip(), RetransmissionSchedule.probe());
    }

    @Test
    void turnClientIsDrivenByHand() throws IOException {
        try (DatagramChannel channel = DatagramChannel.open().connect(coturn.address());
                DatagramSocket peer = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            channel.configureBlocking(false);
            RelayByHand relay = new RelayByHand(channel, server, Coturn.USER);

            relay.relay(addressOf(peer), ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8)));
            DatagramPacket packet = receive(peer);
            peer.send(packet);
            await().until(() -> {
                relay.drive();
                return relay.received.equals(List.of("hello"));
            });

            assertThat(TransportAddress.of((InetSocketAddress) packet.getSocketAddress()))
                    .isEqualTo(relay.client.relayed().get(0));
        }
    }

    @Test
    void connectionRelaysThereAndBack() throws IOException {
        StunUri uri = StunUri.parse("turn:" + server);
        ByteBuffer payload = ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8));
        try (DatagramSocket peer = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                TurnConnection turn = new UseTheShell(vertx)
                        .relay(uri, Coturn.USER, addressOf(peer), payload)
                        .await()) {
            DatagramPacket there = receive(peer);
            peer.send(there);

            assertThat(receive(peer).getSocketAddress()).isEqualTo(there.getSocketAddress());
            assertThat(TransportAddress.of((InetSocketAddress) there.getSocketAddress()))
                    .isEqualTo(turn.relayed());
        }
    }

    private static TransportAddress addressOf(DatagramSocket socket) {
        return TransportAddress.of((InetSocketAddress) socket.getLocalSocketAddress());
    }

    private static DatagramPacket receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
        socket.receive(packet);
        assertThat(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8))
                .isEqualTo("hello");
        return packet;
    }

    @Test
    void natIsClassifiedAndItsPortsAreLookedAt() throws Exception {
        UseTheShell shell = new UseTheShell(vertx);

        // coturn with one address cannot help with filtering.
        assertThat(shell.classify(server).await()).isEqualTo(NatType.UNKNOWN);
        assertThat(shell.ports(new ProbeServer("coturn", server), List.of(server.ip()))
                        .await())
                .isNotNull();
    }

    @Test
    void serverIsFoundForEachTransport() {
        assertThat(new UseTheShell(vertx).find(StunUri.parse("turn:" + server)).await())
                .hasToString("[" + server + " over UDP, " + server + " over TCP]");
    }
}
