package dev.culvert.ice.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.culvert.ice.resolution.ServerAttempt;
import dev.culvert.ice.resolution.ServerTransport;
import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.ice.turn.ScriptedTurnSocket;
import dev.culvert.ice.turn.TurnFailure;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunUri;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.AlternateServer;
import dev.culvert.testkit.Rfc;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** From URIs and lists of servers to an allocation, on loopback sockets. */
class TurnOpeningTest {
    private static final TurnOptions QUICK = TurnOptions.defaults().withTimeout(Duration.ofMillis(1500));

    private final Vertx vertx = Vertx.vertx();
    private final List<ScriptedTurnSocket> servers = new ArrayList<>();

    @AfterEach
    void close() {
        servers.forEach(ScriptedTurnSocket::close);
        vertx.close().await();
    }

    private ScriptedTurnSocket server() {
        ScriptedTurnSocket server = new ScriptedTurnSocket(vertx);
        servers.add(server);
        return server;
    }

    private static ServerAttempt attempt(ServerTransport transport, TransportAddress address) {
        return new ServerAttempt(transport, address, "");
    }

    private TurnConnection open(ServerAttempt... attempts) {
        return TurnConnection.open(vertx, List.of(attempts), ScriptedTurnSocket.USER, QUICK)
                .await();
    }

    private static TransportAddress closedPort() throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return TransportAddress.parse("127.0.0.1:" + free.getLocalPort()).orElseThrow();
        }
    }

    @Test
    void uriLeadsToAnAllocation() {
        TransportAddress address = server().address();

        TurnConnection connection = TurnConnection.open(
                        vertx, StunUri.parse("turn:" + address), ScriptedTurnSocket.USER, QUICK)
                .await();

        assertThat(connection.server()).isEqualTo(TurnServerAddress.udp(address));
        assertThat(connection.relayed()).isEqualTo(ScriptedTurnSocket.RELAYED);
        connection.shutdown().await();
    }

    @Test
    void hostNameWithAPortIsFoundAsTheSystemFindsIt() {
        int port = server().address().port();

        TurnConnection connection = TurnConnection.open(
                        vertx, StunUri.parse("turn:localhost:" + port), ScriptedTurnSocket.USER, QUICK)
                .await();

        assertThat(connection.server().address().port()).isEqualTo(port);
        connection.shutdown().await();
    }

    @Test
    void uriThatIsNoTurnServerIsRefused() {
        Throwable failure = catchThrowable(
                () -> TurnConnection.open(vertx, StunUri.parse("stun:127.0.0.1"), ScriptedTurnSocket.USER, QUICK)
                        .await());

        assertThat(failure).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("is no TURN server");
    }

    @Test
    @Rfc("8305#5 (2)")
    void silentServerCostsAQuarterOfASecond() {
        ScriptedTurnSocket silent = server().fallSilent();
        ScriptedTurnSocket good = server();
        long startNanos = System.nanoTime();

        TurnConnection connection =
                open(attempt(ServerTransport.UDP, silent.address()), attempt(ServerTransport.UDP, good.address()));

        assertThat(connection.server().address()).isEqualTo(good.address());
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
                .isBetween(Duration.ofMillis(240), Duration.ofMillis(1400));
        connection.shutdown().await();
    }

    @Test
    void refusedConnectionMakesWayAtOnce() throws Exception {
        ScriptedTurnSocket good = server();

        TurnConnection connection =
                open(attempt(ServerTransport.TCP, closedPort()), attempt(ServerTransport.UDP, good.address()));

        assertThat(connection.server().address()).isEqualTo(good.address());
        connection.shutdown().await();
    }

    @Test
    void losersAreClosed() {
        AtomicInteger closed = new AtomicInteger();
        // Accepts connections and says nothing: it is connected to, but grants nothing.
        NetServer mute = vertx.createNetServer();
        mute.connectHandler(socket -> socket.closeHandler(gone -> closed.incrementAndGet()));
        mute.listen(0, "127.0.0.1").await();
        TransportAddress muteAddress =
                TransportAddress.parse("127.0.0.1:" + mute.actualPort()).orElseThrow();
        ScriptedTurnSocket good = server();

        TurnConnection connection =
                open(attempt(ServerTransport.TCP, muteAddress), attempt(ServerTransport.UDP, good.address()));

        assertThat(connection.server().address()).isEqualTo(good.address());
        await().until(() -> closed.get() == 1);
        connection.shutdown().await();
    }

    @Test
    void wrongPasswordIsNotTriedAtEveryServer() {
        ScriptedTurnSocket first = server();
        ScriptedTurnSocket second = server();
        LongTermCredential wrong = new LongTermCredential("alice", "looking-glass");
        List<TransportAddress> asked = new CopyOnWriteArrayList<>();
        PacketTap tap = (direction, transport, local, remote, bytes) -> asked.add(remote);

        Throwable failure = catchThrowable(() -> TurnConnection.open(
                        vertx,
                        List.of(
                                attempt(ServerTransport.UDP, first.address()),
                                attempt(ServerTransport.UDP, second.address())),
                        wrong,
                        QUICK.withTap(tap))
                .await());

        assertThat(failure).isInstanceOf(TurnException.class).hasMessageContaining("401");
        assertThat(asked).containsOnly(first.address());
    }

    @Test
    void fullServerMakesWayForAnother() {
        ScriptedTurnSocket full = server().refuse(StunMethod.ALLOCATE, 508);
        ScriptedTurnSocket good = server();

        TurnConnection connection =
                open(attempt(ServerTransport.UDP, full.address()), attempt(ServerTransport.UDP, good.address()));

        assertThat(connection.server().address()).isEqualTo(good.address());
        connection.shutdown().await();
    }

    @Test
    void whenAllFailTheMostTellingFailureIsTold() throws Exception {
        ScriptedTurnSocket full = server().refuse(StunMethod.ALLOCATE, 486);

        Throwable failure = catchThrowable(() -> open(
                attempt(ServerTransport.TCP, closedPort()),
                attempt(ServerTransport.UDP, full.address()),
                attempt(ServerTransport.TCP, closedPort())));

        assertThat(failure).isInstanceOf(TurnException.class).hasMessageContaining("486 Allocation Quota Reached");
    }

    @Test
    @Rfc({"8489#10 (2)", "8489#10 (5)"})
    void redirectionIsFollowed() {
        ScriptedTurnSocket other = server();
        ScriptedTurnSocket first = server().refuse(StunMethod.ALLOCATE, 300, new AlternateServer(other.address()));

        TurnConnection connection = open(attempt(ServerTransport.UDP, first.address()));

        assertThat(connection.server()).isEqualTo(TurnServerAddress.udp(other.address()));
        assertThat(other.hasAllocation()).isTrue();
        connection.shutdown().await();
    }

    @Test
    @Rfc("8489#10 (3)")
    void redirectionInACircleIsToldAsWhatItIs() {
        ScriptedTurnSocket one = server();
        ScriptedTurnSocket other = server().refuse(StunMethod.ALLOCATE, 300, new AlternateServer(one.address()));
        one.refuse(StunMethod.ALLOCATE, 300, new AlternateServer(other.address()));

        Throwable failure = catchThrowable(() -> open(attempt(ServerTransport.UDP, one.address())));

        assertThat(failure)
                .isInstanceOfSatisfying(
                        TurnException.class,
                        told -> assertThat(told.failure())
                                .isEqualTo(new TurnFailure.TryAlternate(List.of(one.address()), List.of())));
    }

    @Test
    @Rfc("8656#7.4 (3)")
    void takenLocalPortIsChangedThreeTimes() {
        ScriptedTurnSocket server = server().refuse(StunMethod.ALLOCATE, 437);
        List<TransportAddress> flows = new CopyOnWriteArrayList<>();
        PacketTap tap = (direction, transport, local, remote, bytes) -> flows.add(local);

        Throwable failure = catchThrowable(() -> TurnConnection.open(
                        vertx, TurnServerAddress.udp(server.address()), ScriptedTurnSocket.USER, QUICK.withTap(tap))
                .await());

        assertThat(failure).hasMessageContaining("437");
        assertThat(flows.stream().distinct()).hasSize(4);
    }
}
