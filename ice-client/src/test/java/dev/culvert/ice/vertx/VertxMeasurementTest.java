package dev.culvert.ice.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.ice.nat.HairpinBehavior;
import dev.culvert.ice.nat.HairpinReport;
import dev.culvert.ice.nat.MeasurementPlan;
import dev.culvert.ice.nat.ProbeServer;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Measurements with real sockets, of a server that never answers. */
class VertxMeasurementTest {
    private static final IpAddress LOCAL = IpAddress.v4(0x7F000001);

    private final Vertx vertx = Vertx.vertx();
    private DatagramSocket silent;

    @BeforeEach
    void openServer() throws IOException {
        silent = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() {
        silent.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private MeasurementPlan plan(Duration limit) {
        ProbeServer server = new ProbeServer("silent", new TransportAddress(LOCAL, silent.getLocalPort()));
        return new MeasurementPlan(
                server, List.of(LOCAL), RetransmissionSchedule.probe().within(limit));
    }

    private static <T> Future<T> awaited(Future<T> future) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(future::isComplete);
        return future;
    }

    @Test
    void measurementEndsByItselfAndReports() {
        VertxMeasurement<HairpinReport> run =
                NatMeasurements.hairpin(vertx, plan(Duration.ofMillis(200)), SocketOptions.ANY, PacketTap.NONE);

        assertThat(awaited(run.result()).result().behavior()).isEqualTo(HairpinBehavior.UNKNOWN);
    }

    @Test
    void closingEndsItEarly() {
        VertxMeasurement<HairpinReport> run =
                NatMeasurements.hairpin(vertx, plan(Duration.ofMinutes(1)), SocketOptions.ANY, PacketTap.NONE);

        run.close();

        assertThat(awaited(run.result()).cause()).isInstanceOf(CancellationException.class);
    }

    @Test
    void portThatIsTakenFailsTheResult() {
        SocketOptions taken = new SocketOptions(Optional.of(LOCAL), silent.getLocalPort());
        VertxMeasurement<HairpinReport> run =
                NatMeasurements.hairpin(vertx, plan(Duration.ofSeconds(1)), taken, PacketTap.NONE);

        assertThat(awaited(run.result()).cause()).isInstanceOf(NetworkException.CannotBind.class);
    }
}
