package dev.culvert.ice.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.culvert.ice.turn.Coturn;
import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.ice.turn.TurnError;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Requirements;
import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The shell against coturn, a server that others wrote, on the loopback interface. */
class TurnConnectionIT {
    private static final String NAME = "turn.example.org";

    private final Vertx vertx = Vertx.vertx();

    @TempDir
    private Path folder;

    @BeforeEach
    void coturnIsThere() {
        Requirements.command("turnserver");
    }

    @AfterEach
    void closeVertx() {
        vertx.close().await();
    }

    @ParameterizedTest
    @EnumSource(PacketTap.Transport.class)
    void dataGoToAPeerOverUdpAndBack(PacketTap.Transport transport) throws Exception {
        TestCertificate certificate = TestCertificate.named(NAME, folder);
        try (Coturn coturn = Coturn.startWithTls(folder, certificate.certificate(), certificate.key())) {
            TurnConnection one = open(coturn, transport, certificate);
            TurnConnection other = open(coturn, PacketTap.Transport.UDP, certificate);
            List<String> atOne = receivedBy(one);
            List<String> atOther = receivedBy(other);

            one.bindChannel(other.relayed()).await();
            other.permit(one.relayed().ip()).await();
            one.send(other.relayed(), bytes("by channel")).await();
            await().until(() -> atOther.contains(one.relayed() + " by channel"));
            other.send(one.relayed(), bytes("by indication")).await();
            other.send(one.relayed(), bytes("x".repeat(1400))).await();

            await().until(() -> atOne.size() == 2);
            assertThat(atOne)
                    .containsExactlyInAnyOrder(
                            other.relayed() + " by indication", other.relayed() + " " + "x".repeat(1400));
            one.shutdown().await();
            other.shutdown().await();
            assertThat(one.closed().succeeded()).isTrue();
        }
    }

    @Test
    void wrongPasswordIsExplained() throws Exception {
        LongTermCredential wrong = new LongTermCredential(Coturn.USER.username(), "looking-glass");
        try (Coturn coturn = Coturn.start(folder)) {
            TurnServerAddress server = TurnServerAddress.tcp(TransportAddress.of(coturn.address()));

            Throwable failure = catchThrowable(() -> TurnConnection.open(vertx, server, wrong, TurnOptions.defaults())
                    .await());

            assertThat(failure)
                    .hasMessageContaining("the username or the password is wrong")
                    .isInstanceOfSatisfying(
                            TurnException.class,
                            told -> assertThat(told.failure().refusal()).contains(TurnError.UNAUTHENTICATED));
        }
    }

    @Test
    void serverThatStopsIsNoticedOverTcp() throws Exception {
        TurnConnection connection;
        try (Coturn coturn = Coturn.start(folder)) {
            TurnServerAddress server = TurnServerAddress.tcp(TransportAddress.of(coturn.address()));
            connection = TurnConnection.open(vertx, server, Coturn.USER, TurnOptions.defaults())
                    .await();
        }

        assertThat(catchThrowable(() -> connection.closed().await())).isInstanceOf(NetworkException.Disconnected.class);
    }

    private TurnConnection open(Coturn coturn, PacketTap.Transport transport, TestCertificate certificate) {
        InetSocketAddress address = transport == PacketTap.Transport.TLS ? coturn.tlsAddress() : coturn.address();
        StreamBinding.Trust trust =
                new StreamBinding.Trust(false, NAME, certificate.certificate().toString());
        TurnServerAddress server = new TurnServerAddress(transport, TransportAddress.of(address), trust);
        return TurnConnection.open(vertx, server, Coturn.USER, TurnOptions.defaults())
                .await();
    }

    private static List<String> receivedBy(TurnConnection connection) {
        List<String> received = new CopyOnWriteArrayList<>();
        connection.dataHandler((peer, data) -> received.add(peer + " " + StandardCharsets.UTF_8.decode(data)));
        return received;
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
