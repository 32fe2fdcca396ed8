package dev.culvert.ice.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.culvert.ice.turn.ScriptedTurnSocket;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told where no connection to a server comes about, on loopback sockets. */
class TurnConnectionFailureTest {
    private static final TurnOptions QUICK = TurnOptions.defaults().withTimeout(Duration.ofMillis(1500));

    private static Vertx vertx;

    @BeforeAll
    static void openVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void closeVertx() {
        vertx.close().await();
    }

    private static Throwable failureOf(Future<?> future) {
        return catchThrowable(() -> future.await());
    }

    @Test
    void localPortThatIsTakenIsNamed() {
        DatagramSocket holder =
                vertx.createDatagramSocket().listen(0, "127.0.0.1").await();
        TransportAddress taken = loopback(holder.localAddress().port());
        TurnOptions clash = QUICK.withLocal(new SocketOptions(Optional.of(taken.ip()), taken.port()));

        Throwable failure =
                failureOf(TurnConnection.open(vertx, TurnServerAddress.udp(taken), ScriptedTurnSocket.USER, clash));

        assertThat(failure)
                .isInstanceOf(NetworkException.CannotBind.class)
                .hasMessageContaining("127.0.0.1 port " + taken.port());
        holder.close().await();
    }

    @Test
    void closedTcpPortIsRefused() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = free.getLocalPort();
        }

        Throwable failure = failureOf(openTo(TurnServerAddress.tcp(loopback(port))));

        assertThat(failure)
                .isInstanceOf(NetworkException.Refused.class)
                .hasMessage(
                        "127.0.0.1:%d over TCP refuses the connection: nothing listens there; check the port, and"
                                + " that the server runs",
                        port);
    }

    @Test
    void serverThatHangsUpIsTold() {
        NetServer hangingUp = listening(new NetServerOptions(), "");

        Throwable failure = failureOf(openTo(TurnServerAddress.tcp(loopback(hangingUp.actualPort()))));

        assertThat(failure)
                .isInstanceOf(NetworkException.Disconnected.class)
                .hasMessageContaining("closed the connection");
        hangingUp.close().await();
    }

    @Test
    void serverThatSpeaksSomethingElseIsTold() {
        NetServer mail = listening(new NetServerOptions(), "220 mail.example.org\r\n");
        TransportAddress address = loopback(mail.actualPort());

        Throwable overTcp = failureOf(openTo(TurnServerAddress.tcp(address)));
        Throwable overTls = failureOf(openTo(TurnServerAddress.tls(address, StreamBinding.Trust.DANGER_ANY)));

        assertThat(overTcp).isInstanceOf(NetworkException.Disconnected.class).hasMessageContaining("is not TURN");
        assertThat(overTls)
                .isInstanceOf(NetworkException.TlsFailed.class)
                .hasMessageContaining("does not speak TLS on this port");
        mail.close().await();
    }

    @ParameterizedTest
    @CsvSource({
        "turn.example.org, false, from no authority that is trusted here",
        "other.example.org, true, is for another name"
    })
    void certificateThatIsNotAcceptedIsExplained(String name, boolean isTrusted, String expected, @TempDir Path folder)
            throws Exception {
        TestCertificate certificate = TestCertificate.named(name, folder);
        NetServer tls = listening(
                new NetServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertPath(certificate.certificate().toString())
                                .addKeyPath(certificate.key().toString())),
                "");
        String authorities = isTrusted ? certificate.certificate().toString() : "";
        StreamBinding.Trust trust = new StreamBinding.Trust(false, "turn.example.org", authorities);

        TurnOptions patient = QUICK.withTimeout(Duration.ofSeconds(30));
        TurnServerAddress address = TurnServerAddress.tls(loopback(tls.actualPort()), trust);
        Throwable failure = failureOf(TurnConnection.open(vertx, address, ScriptedTurnSocket.USER, patient));

        assertThat(failure)
                .isInstanceOf(NetworkException.TlsFailed.class)
                .hasMessageStartingWith("the certificate of turn.example.org (127.0.0.1:")
                .hasMessageContaining(expected);
        tls.close().await();
    }

    private static Future<TurnConnection> openTo(TurnServerAddress address) {
        return TurnConnection.open(vertx, address, ScriptedTurnSocket.USER, QUICK);
    }

    private static TransportAddress loopback(int port) {
        return TransportAddress.parse("127.0.0.1:" + port).orElseThrow();
    }

    /** Says {@code greeting}, or hangs up where that is empty. */
    private static NetServer listening(NetServerOptions options, String greeting) {
        NetServer listening = vertx.createNetServer(options);
        listening.connectHandler(socket -> {
            if (greeting.isEmpty()) {
                socket.close();
            } else {
                socket.write(Buffer.buffer(greeting));
            }
        });
        return listening.listen(0, "127.0.0.1").await();
    }
}
