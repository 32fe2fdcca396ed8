package dev.culvert.ice.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.culvert.ice.turn.AllocateOptions;
import dev.culvert.ice.turn.ScriptedTurnSocket;
import dev.culvert.ice.turn.TurnEvent;
import dev.culvert.ice.turn.TurnFailure;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.AlternateServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shell on loopback sockets, against a scripted server and against servers that are none. */
class TurnConnectionTest {
    private static final TransportAddress PEER =
            TransportAddress.parse("203.0.113.5:6000").orElseThrow();
    private static final TransportAddress PEER_V6 =
            TransportAddress.parse("[2001:db8::5]:6000").orElseThrow();
    private static final TurnOptions QUICK = TurnOptions.defaults().withTimeout(Duration.ofMillis(1500));

    private static Vertx vertx;

    private final List<TurnEvent> events = new CopyOnWriteArrayList<>();
    private final List<String> data = new CopyOnWriteArrayList<>();
    private ScriptedTurnSocket server;

    @BeforeAll
    static void openVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void closeVertx() {
        vertx.close().await();
    }

    @BeforeEach
    void openServer() {
        server = new ScriptedTurnSocket(vertx);
    }

    @AfterEach
    void closeServer() {
        server.close();
    }

    private Future<TurnConnection> opening() {
        TurnServerAddress address = TurnServerAddress.udp(server.address());
        return TurnConnection.open(vertx, address, ScriptedTurnSocket.USER, QUICK.withEvents(events::add));
    }

    private TurnConnection open() {
        TurnConnection connection = opening().await();
        connection.dataHandler((peer, bytes) -> data.add(peer + " " + StandardCharsets.UTF_8.decode(bytes)));
        return connection;
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Throwable failureOf(Future<?> future) {
        return catchThrowable(() -> future.await());
    }

    @Test
    void allocationTellsItsAddresses() {
        TurnConnection connection = open();

        assertThat(connection.relayed()).isEqualTo(ScriptedTurnSocket.RELAYED);
        assertThat(connection.mapped()).isEqualTo(connection.allocated().mapped());
        assertThat(events).containsExactly(connection.allocated());
        connection.shutdown().await();
    }

    @Test
    void dataGoBothWaysOnceThePeerIsPermitted() {
        TurnConnection connection = open();
        connection.permit(PEER.ip()).await();

        ByteBuffer payload = bytes("hello");
        connection.send(PEER, payload).await();
        await().until(() -> server.relayed().size() == 1);
        server.sendFromPeer(PEER, new byte[] {'h', 'i'});

        await().until(() -> !data.isEmpty());
        assertThat(server.relayed()).containsExactly("203.0.113.5:6000 5");
        assertThat(data).containsExactly("203.0.113.5:6000 hi");
        assertThat(payload.remaining()).as("the caller's buffer is untouched").isEqualTo(5);
        connection.shutdown().await();
    }

    @Test
    void channelTellsItsNumberAndPermitsThePeer() {
        TurnConnection connection = open();

        int number = connection.bindChannel(PEER).await();
        connection.permit(PEER.ip()).await();

        assertThat(number).isEqualTo(0x4000);
        assertThat(connection.bindChannel(PEER).await()).isEqualTo(number);
        assertThat(events)
                .contains(new TurnEvent.ChannelBound(PEER, number), new TurnEvent.PermissionInstalled(PEER.ip()));
        connection.shutdown().await();
    }

    @Test
    void nothingIsSentToAReleasedPeer() {
        TurnConnection connection = open();
        connection.bindChannel(PEER).await();

        connection.release(PEER.ip()).await();

        assertThat(failureOf(connection.send(PEER, bytes("x"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no permission for 203.0.113.5; call permit or bindChannel first, and wait for it");
        connection.permit(PEER.ip()).await();
        connection.send(PEER, bytes("x")).await();
        connection.shutdown().await();
    }

    @Test
    void peerOfAnotherFamilyIsAMistakeOfTheCaller() {
        TurnConnection connection = open();

        assertThat(failureOf(connection.permit(PEER_V6.ip()))).isInstanceOf(IllegalArgumentException.class);
        assertThat(failureOf(connection.bindChannel(PEER_V6))).isInstanceOf(IllegalArgumentException.class);
        connection.shutdown().await();
    }

    @Test
    void refusedPeerFailsAloneAndMayBeAskedForAgain() {
        TurnConnection connection = open();
        server.refuse(StunMethod.CREATE_PERMISSION, 403);
        server.refuse(StunMethod.CHANNEL_BIND, 403);

        Throwable permission = failureOf(connection.permit(PEER.ip()));
        Throwable again = failureOf(connection.permit(PEER.ip()));
        Throwable channel = failureOf(connection.bindChannel(PEER));

        assertThat(permission)
                .isInstanceOf(TurnException.class)
                .hasMessage(
                        "%s over UDP did not let 203.0.113.5 in: 403 Forbidden: the server's rules do not allow it;"
                                + " have its operator allow this peer, or use another one",
                        server.address());
        assertThat(again).isInstanceOf(TurnException.class).isNotSameAs(permission);
        assertThat(channel).hasMessageContaining("did not bind a channel to 203.0.113.5:6000: 403 Forbidden");
        assertThat(connection.closed().isComplete()).isFalse();
        connection.shutdown().await();
    }

    @ParameterizedTest
    @CsvSource({
        "403, Forbidden, rules",
        "437, Allocation Mismatch, open a new connection",
        "440, Address Family not Supported, ask for the other one",
        "441, Wrong Credentials, username",
        "442, Unsupported Transport Protocol, does not relay UDP",
        "486, Allocation Quota Reached, as many allocations as it may",
        "500, Server Error, try again in a minute",
        "508, Insufficient Capacity, no relay port left"
    })
    void refusalOfAnAllocationSaysCauseAndMend(int code, String reason, String mend) {
        server.refuse(StunMethod.ALLOCATE, code);

        Throwable failure = failureOf(opening());

        assertThat(failure)
                .isInstanceOf(TurnException.class)
                .hasMessageStartingWith(server.address() + " over UDP did not allocate: " + code + " " + reason + ": ")
                .hasMessageContaining(mend);
    }

    @Test
    void alternateServerThatWasAskedBeforeIsToldWithItsAddress() {
        server.refuse(StunMethod.ALLOCATE, 300, new AlternateServer(server.address()));

        Throwable failure = failureOf(opening());

        assertThat(failure)
                .hasMessageContaining("ask " + server.address())
                .isInstanceOfSatisfying(
                        TurnException.class,
                        told -> assertThat(told.failure())
                                .isEqualTo(new TurnFailure.TryAlternate(List.of(server.address()), List.of())));
    }

    @Test
    void longestDatagramsComeWhole() {
        TurnConnection connection = open();
        AtomicInteger received = new AtomicInteger();
        connection.dataHandler((peer, bytes) -> received.set(bytes.remaining()));
        connection.permit(PEER.ip()).await();

        server.sendFromPeer(PEER, new byte[60_000]);

        await().until(() -> received.get() == 60_000);
        connection.shutdown().await();
    }

    @Test
    void anyoneWhoTriesWithResourcesFreesEverything() {
        Future<Void> closed;
        try (TurnConnection connection = open()) {
            closed = connection.closed();
            assertThat(server.hasAllocation()).isTrue();
        }

        closed.await();

        assertThat(server.hasAllocation()).isFalse();
    }

    @Test
    void silenceEndsTheAttempt() {
        server.fallSilent();
        TurnOptions impatient = TurnOptions.defaults().withTimeout(Duration.ofMillis(60));

        Throwable failure = failureOf(TurnConnection.open(
                vertx, TurnServerAddress.udp(server.address()), ScriptedTurnSocket.USER, impatient));

        assertThat(failure)
                .isInstanceOf(NetworkException.TimedOut.class)
                .hasMessage(
                        "no allocation on %s over UDP within 60 ms: no answer; check address, port and transport,"
                                + " and that no firewall is on the way",
                        server.address());
    }

    @Test
    void allocationThatTheServerLostFailsEverythingThatWaits() {
        TurnConnection connection = open();
        server.restart();

        Throwable failure = failureOf(connection.permit(PEER.ip()));

        assertThat(failure).isInstanceOf(TurnException.class).hasMessageContaining("437 Allocation Mismatch");
        assertThat(failureOf(connection.closed())).isSameAs(failure);
        assertThat(failureOf(connection.send(PEER, bytes("x")))).isSameAs(failure);
        assertThat(connection.shutdown().otherwiseEmpty().await()).isNull();
    }

    @Test
    void closingDeletesTheAllocationAndFreesTheSocket() {
        TurnConnection connection = open();
        boolean before = server.hasAllocation();

        connection.shutdown().await();

        assertThat(before).isTrue();
        assertThat(server.hasAllocation()).isFalse();
        assertThat(connection.closed().succeeded()).isTrue();
        assertThat(failureOf(connection.permit(PEER.ip()))).hasMessage("this connection was closed; open a new one");
    }

    @Test
    void closingDoesNotWaitLongForASilentServer() {
        TurnConnection connection = open();
        server.fallSilent();

        connection.shutdown().await();

        assertThat(connection.closed().succeeded()).isTrue();
    }

    @Test
    void optionsWithoutTimeAreRefused() {
        assertThat(catchThrowable(() -> TurnOptions.defaults().withTimeout(Duration.ZERO)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(TurnOptions.defaults().withAllocate(AllocateOptions.defaults()))
                .isEqualTo(TurnOptions.defaults());
    }
}
