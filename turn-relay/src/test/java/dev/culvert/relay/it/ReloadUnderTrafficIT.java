package dev.culvert.relay.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.ice.vertx.StreamBinding;
import dev.culvert.ice.vertx.TurnConnection;
import dev.culvert.ice.vertx.TurnOptions;
import dev.culvert.ice.vertx.TurnServerAddress;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Requirements;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** A server whose configuration, users, nonce keys and certificate change a hundred times while it relays. */
@Isolated("it measures")
class ReloadUnderTrafficIT {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int RELOADS = 100;
    private static final int AT_RENEWAL = RELOADS / 2;
    private static final LongTermCredential ALICE =
            new LongTermCredential(TurnServerUnderTest.USER, TurnServerUnderTest.PASSWORD);

    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();
    private Path file = Path.of("");
    private TestCertificate identity = new TestCertificate(Path.of(""), Path.of(""));

    @BeforeEach
    void writeFiles() throws Exception {
        Requirements.linux();
        Requirements.command("openssl");
        file = folder.resolve("turn.yaml");
        identity = TestCertificate.make(folder, "server");
        writeVersion(0);
    }

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void aHundredReloadsAndARenewedCertificateLoseNothing() throws Exception {
        Path firstCertificate = Files.copy(identity.certificate(), folder.resolve("first.crt"));
        TurnServerOptions options =
                new TurnServerOptions().administered().tls(identity).with("--config", file.toString());
        try (TurnServerUnderTest server = TurnServerUnderTest.start(options, folder);
                NumberedFlow udp = flow(TurnServerAddress.udp(server.address()));
                NumberedFlow tcp = flow(TurnServerAddress.tcp(server.address()));
                NumberedFlow tls = flow(tls(server, firstCertificate))) {
            for (int i = 1; i <= RELOADS; i++) {
                writeVersion(i);
                if (i == AT_RENEWAL) {
                    renewCertificate();
                }
                reload(server, "applied");
            }
            thenNewConnectionsSeeTheNewCertificate(server, firstCertificate);
            thenABrokenFileChangesNothing(server);

            System.out.println("packets there and back during " + RELOADS + " reloads: udp " + udp.packets() + ", tcp "
                    + tcp.packets() + ", tls " + tls.packets());
            for (NumberedFlow flow : new NumberedFlow[] {udp, tcp, tls}) {
                flow.awaitMore(20);
                flow.stop();
            }
        }
    }

    private NumberedFlow flow(TurnServerAddress server) throws IOException {
        return new NumberedFlow(vertx, open(server));
    }

    private TurnConnection open(TurnServerAddress server) {
        return TurnConnection.open(vertx, server, ALICE, TurnOptions.defaults()).await();
    }

    private static TurnServerAddress tls(TurnServerUnderTest server, Path authority) {
        TransportAddress address = new TransportAddress(server.address().ip(), server.tlsPort());
        return TurnServerAddress.tls(address, new StreamBinding.Trust(false, "localhost", authority.toString()));
    }

    /** Changes a setting of each kind. */
    private void writeVersion(int version) throws IOException {
        replace(folder.resolve("users"), "bob: builder" + version + "\n");
        replace(folder.resolve("nonce-keys"), key(version + 1) + key(version));
        replace(
                file,
                String.join(
                        "\n",
                        "allow-peer: [127.0.0.0/8]",
                        "deny-peer: [127.0.0." + (100 + version) + "/32]",
                        "users-file: " + folder.resolve("users"),
                        "nonce-key-file: " + folder.resolve("nonce-keys"),
                        "max-allocations-per-user: " + (10 + version),
                        "max-bitrate-per-allocation: " + (100 + version) + "Mbit",
                        "max-lifetime: " + (3600 + version) + "s",
                        "unauthenticated-rate: " + (50 + version) + "/s",
                        "max-connections: " + (1000 + version),
                        "log-addresses: " + (version % 2 == 0 ? "full" : "prefix"),
                        "alternate-server: [192.0.2." + (1 + version) + "]",
                        ""));
    }

    private static String key(int number) {
        return "%064x%n".formatted(number);
    }

    /** As an editor does it that knows its trade: whoever reads meanwhile gets the one or the other. */
    private void replace(Path target, String text) throws IOException {
        Path next = Files.writeString(folder.resolve("next"), text);
        Files.move(next, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private void renewCertificate() throws Exception {
        TestCertificate renewed = TestCertificate.make(folder, "renewed");
        Files.move(renewed.certificate(), identity.certificate(), StandardCopyOption.ATOMIC_MOVE);
        Files.move(renewed.key(), identity.key(), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Has everything read again, and returns when a line says what came of it. */
    private static void reload(TurnServerUnderTest server, String outcome) throws Exception {
        long before = lines(server, outcome);
        server.signal("HUP");
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> lines(server, outcome) > before);
    }

    private static long lines(TurnServerUnderTest server, String outcome) {
        return server.program()
                .output()
                .lines()
                .filter(line -> line.contains("Reload: ") && line.contains(outcome))
                .count();
    }

    private void thenNewConnectionsSeeTheNewCertificate(TurnServerUnderTest server, Path firstCertificate) {
        open(tls(server, identity.certificate())).shutdown().await();
        assertThatThrownBy(() -> open(tls(server, firstCertificate))).hasMessageContaining("certificate");
    }

    private void thenABrokenFileChangesNothing(TurnServerUnderTest server) throws Exception {
        assertThat(server.get("/metrics").body())
                .contains(
                        "culvert_config_reload_failures_total 0.0",
                        "culvert_config_last_reload_successful 1.0",
                        "culvert_config_reloads_total ")
                .doesNotContain("culvert_config_reloads_total 0.0");
        replace(file, "allow-peer: [127.0.0.0/8]\nrelm: example.org\n");

        reload(server, file + ":2: relm");

        assertThat(server.get("/metrics").body())
                .contains("culvert_config_last_reload_successful 0.0")
                .doesNotContain("culvert_config_reload_failures_total 0.0");
    }
}
