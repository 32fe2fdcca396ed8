package dev.culvert.relay.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.ice.turn.TurnEvent;
import dev.culvert.ice.vertx.TurnConnection;
import dev.culvert.ice.vertx.TurnOptions;
import dev.culvert.relay.core.AllocationView;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a test can have its server do wrong, as a client sees it. */
@WithTurnServer
@Timeout(60)
class TurnTestServerTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final ByteBuffer HELLO = ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8));

    @AfterAll
    static void stop() {
        VERTX.close().await();
    }

    private static Future<TurnConnection> client(TurnTestServer server, TurnOptions options) {
        return TurnConnection.open(VERTX, server.turnUri(), server.user(), options);
    }

    private static TurnConnection client(TurnTestServer server) {
        return client(server, TurnOptions.defaults()).await();
    }

    private static TransportAddress addressOf(DatagramSocket socket) {
        return TransportAddress.of((InetSocketAddress) socket.getLocalSocketAddress());
    }

    @Test
    void peerOnTheLoopbackAddressIsReached(TurnTestServer server) throws IOException {
        try (DatagramSocket peer = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                TurnConnection client = client(server)) {
            peer.setSoTimeout(10_000);
            client.bindChannel(addressOf(peer)).await();

            client.send(addressOf(peer), HELLO).await();

            DatagramPacket received = new DatagramPacket(new byte[100], 100);
            peer.receive(received);
            assertThat(TransportAddress.of((InetSocketAddress) received.getSocketAddress()))
                    .isEqualTo(client.relayed());
        }
    }

    @Test
    void twoClientsReachEachOther(TurnTestServer server) {
        List<String> received = new CopyOnWriteArrayList<>();
        try (TurnConnection one = client(server);
                TurnConnection other = client(server)) {
            other.dataHandler((from, data) ->
                    received.add(StandardCharsets.UTF_8.decode(data).toString()));
            other.permit(one.relayed().ip()).await();
            one.bindChannel(other.relayed()).await();

            one.send(other.relayed(), HELLO).await();

            await().until(() -> received.equals(List.of("hello")));
        }
    }

    @Test
    void refusedRequestFailsWithItsCodeAndTheNextTestIsSpared(TurnTestServer server) {
        server.refuse(StunMethod.ALLOCATE, 486);

        assertThatThrownBy(() -> client(server)).hasMessageContaining("486");
        server.recover();
        try (TurnConnection client = client(server)) {
            server.refuse(StunMethod.CREATE_PERMISSION, 403);

            assertThatThrownBy(() -> client.permit(client.relayed().ip()).await())
                    .hasMessageContaining("403");
        }
    }

    @Test
    void clientGoesOnAfterAStaleNonce(TurnTestServer server) {
        try (TurnConnection client = client(server)) {
            server.expireNonces();

            client.permit(client.relayed().ip()).await();

            assertThat(server.allocations()).hasSize(1);
            assertThat(server.staleNonces()).isEqualTo(1);
        }
    }

    @Test
    void endedAllocationIsLostToItsClient(TurnTestServer server) {
        List<TurnEvent> events = new CopyOnWriteArrayList<>();
        client(server, TurnOptions.defaults().withEvents(events::add)).await();
        AllocationView allocation = server.allocations().get(0);
        TurnConnection kept = client(server);

        server.end(allocation);

        assertThat(server.allocations())
                .singleElement()
                .satisfies(left -> assertThat(left.relayed()).containsExactly(kept.relayed()));
    }

    @Test
    void ignoredRequestTimesOut(TurnTestServer server) {
        server.ignore(StunMethod.ALLOCATE);

        assertThatThrownBy(() -> client(server, TurnOptions.defaults().withTimeout(Duration.ofMillis(300)))
                        .await())
                .hasMessageContaining("answer");
    }

    @Test
    void lostDataDoesNotArrive(TurnTestServer server) throws IOException {
        try (DatagramSocket peer = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                TurnConnection client = client(server)) {
            client.bindChannel(addressOf(peer)).await();
            server.loseData();
            client.send(addressOf(peer), HELLO).await();
            // Behind it on the same socket, so that it was there before.
            client.permit(client.relayed().ip()).await();
            peer.setSoTimeout(50);

            assertThatThrownBy(() -> peer.receive(new DatagramPacket(new byte[100], 100)))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void silentServerAnswersAgainAfterTheTest(TurnTestServer server) {
        server.fallSilent();

        assertThatThrownBy(() -> client(server, TurnOptions.defaults().withTimeout(Duration.ofMillis(300)))
                        .await())
                .hasMessageContaining("answer");
    }
}
