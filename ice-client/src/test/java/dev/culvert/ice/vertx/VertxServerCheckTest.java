package dev.culvert.ice.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.ice.check.Finding;
import dev.culvert.ice.check.Finding.Result;
import dev.culvert.ice.check.PlantedServer.Fault;
import dev.culvert.ice.check.ServerReport;
import dev.culvert.ice.check.Topic;
import dev.culvert.ice.nat.ProbeServer;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Planted faults over real sockets on the loopback interface. */
@Execution(ExecutionMode.CONCURRENT)
class VertxServerCheckTest {
    private static final StreamBinding.Trust JDK = new StreamBinding.Trust(false, "", "");

    private static Vertx vertx;

    @TempDir
    private Path folder;

    @BeforeAll
    static void openVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void closeVertx() {
        vertx.close().await();
    }

    private static ServerReport check(PlantedSockets server, TransportAddress tls, StreamBinding.Trust trust) {
        TransportAddress address = server.address();
        VertxServerCheck.Options options = new VertxServerCheck.Options(
                new ProbeServer(address.toString(), address),
                tls,
                trust,
                RetransmissionSchedule.probe().within(Duration.ofMillis(1500)),
                Duration.ofSeconds(5),
                SocketOptions.ANY,
                Clock.systemUTC());
        return VertxServerCheck.run(vertx, options, PacketTap.NONE).await();
    }

    private static Result result(ServerReport report, Topic topic) {
        return report.finding(topic).orElseThrow().result();
    }

    @Test
    void serverWithoutFaultHasNone() {
        try (PlantedSockets server = new PlantedSockets(vertx)) {
            ServerReport report = check(server, server.address(), JDK);

            assertThat(report.faults()).isEmpty();
            assertThat(result(report, Topic.RESPONSE_PORT)).isEqualTo(Result.YES);
            assertThat(result(report, Topic.TCP)).isEqualTo(Result.NO);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "WRONG_SOURCE, RESPONSE_SOURCE, WRONG",
        "MAPPED_DIFFERS, MAPPED_ADDRESS, WRONG",
        "IGNORES_CHANGE_REQUEST, CHANGE_IP_AND_PORT, WRONG",
        "SILENT_ALTERNATE, ALTERNATES, WRONG",
        "OTHER_ADDRESS_OF_ONE_IP, OTHER_ADDRESS, WRONG",
        "NO_OTHER_ADDRESS, OTHER_ADDRESS, NO",
        "WRONG_FINGERPRINT, FINGERPRINT, WRONG",
        "RELAYS_FOR_EVERYONE, TURN, DANGEROUS",
    })
    void plantedFaultIsFound(Fault fault, Topic topic, Result expected) {
        try (PlantedSockets server = new PlantedSockets(vertx, fault)) {
            ServerReport report = check(server, server.address(), JDK);

            assertThat(result(report, topic)).isEqualTo(expected);
        }
    }

    @Test
    void certificateIsJudgedByAuthorityAndName() throws Exception {
        TestCertificate own = TestCertificate.named("stun.test", folder);
        NetServerOptions tls = new NetServerOptions()
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertPath(own.certificate().toString())
                        .addKeyPath(own.key().toString()));
        String file = own.certificate().toString();
        try (PlantedSockets server = new PlantedSockets(vertx)) {
            TransportAddress at = server.listen(tls);

            Finding trusted = certificate(server, at, new StreamBinding.Trust(false, "stun.test", file));
            Finding otherName = certificate(server, at, new StreamBinding.Trust(false, "other.test", file));
            Finding stranger = certificate(server, at, new StreamBinding.Trust(false, "stun.test", ""));

            assertThat(trusted.result()).isEqualTo(Result.YES);
            assertThat(trusted.detail()).startsWith("for stun.test, for another 29 days (until ");
            assertThat(otherName.result()).isEqualTo(Result.WRONG);
            assertThat(otherName.detail()).contains("is for another name");
            assertThat(stranger.result()).isEqualTo(Result.WRONG);
            assertThat(stranger.detail()).contains("is from no authority that is trusted here");
        }
    }

    private static Finding certificate(PlantedSockets server, TransportAddress at, StreamBinding.Trust trust) {
        ServerReport report = check(server, at, trust);

        assertThat(result(report, Topic.TLS)).isEqualTo(Result.YES);
        return report.finding(Topic.CERTIFICATE).orElseThrow();
    }
}
