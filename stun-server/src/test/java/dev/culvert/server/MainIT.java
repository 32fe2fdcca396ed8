package dev.culvert.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.server.io.TestCertificate;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Requirements;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program as an operator meets it: as a process. */
@Tag("portable")
class MainIT {
    private static final Map<String, String> NO_ENVIRONMENT = Map.of();
    private static final byte[] BINDING_REQUEST =
            HexFormat.of().parseHex("000100002112a442" + "0102030405060708090a0b0c");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path directory;

    @Test
    void isReadySoonAnswersCountsAndEndsOnSigterm() throws Exception {
        long before = System.nanoTime();
        try (ServerProcess server = ServerProcess.onFreePorts(NO_ENVIRONMENT).awaitLine("ready")) {
            Duration start = Duration.ofNanos(System.nanoTime() - before);
            System.out.println("stun-server was ready after " + start.toMillis() + " ms");

            askForBinding(server.listening("udp"));

            assertThat(get(server, "/health/live").statusCode()).isEqualTo(200);
            assertThat(get(server, "/health/ready").statusCode()).isEqualTo(200);
            await().untilAsserted(() -> assertThat(get(server, "/metrics").body())
                    .contains("culvert_binding_requests_total{transport=\"udp\"} 1.0")
                    .contains("culvert_ready 1.0")
                    .contains("jvm_memory_used_bytes"));
            assertThat(get(server, "/").body()).contains("Culvert");
            assertThat(get(server, "/api/v1/server").body())
                    .contains(server.listening("udp").toString());
            assertThat(get(server, "/nothing").statusCode()).isEqualTo(404);

            server.signal("TERM");

            assertThat(server.exitCode()).isZero();
            assertThat(server.lines()).noneMatch(line -> line.contains("WARN") || line.contains("Exception"));
        }
    }

    @Test
    void aPortThatIsTakenIsNamedAndExitsWith1() throws Exception {
        try (DatagramSocket holder = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            String taken = "127.0.0.1:" + holder.getLocalPort();

            try (ServerProcess server = ServerProcess.start(NO_ENVIRONMENT, "--listen", "udp:" + taken, "--no-admin")) {
                assertThat(server.exitCode()).isEqualTo(1);
                assertThat(server.lines()).hasSize(1).allMatch(line -> line.contains("udp " + taken));
            }
        }
    }

    @Test
    void aTakenAdminPortThatWasGivenExitsWith1() throws Exception {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String taken = "127.0.0.1:" + holder.getLocalPort();

            try (ServerProcess server =
                    ServerProcess.start(NO_ENVIRONMENT, "--listen", "udp:127.0.0.1:0", "--admin", taken)) {
                assertThat(server.exitCode()).isEqualTo(1);
                assertThat(server.lines()).hasSize(1).allMatch(line -> line.contains("http " + taken));
            }
        }
    }

    @Test
    void aTakenDefaultAdminPortIsOnlyAWarning() throws Exception {
        String[] options = {"--listen", "udp:127.0.0.1:0"};
        try (ServerProcess first = ServerProcess.start(NO_ENVIRONMENT, options).awaitLine("ready");
                ServerProcess second =
                        ServerProcess.start(NO_ENVIRONMENT, options).awaitLine("ready")) {
            assertThat(second.lines()).anyMatch(line -> line.contains("WARN") && line.contains("127.0.0.1:9642"));
            second.signal("TERM");
            assertThat(second.exitCode()).isZero();
            first.signal("TERM");
            assertThat(first.exitCode()).isZero();
        }
    }

    @Test
    void everyMistakeIsReportedAndExitsWith2() throws Exception {
        Path file = Files.writeString(directory.resolve("bad.yaml"), "threads: many\nlisten: [dtls:*:5349]\n");
        Map<String, String> environment = Map.of("CULVERT_IDLE_TIMEOUT", "ten minutes");

        try (ServerProcess server = ServerProcess.start(environment, "--config", file.toString(), "--admn", "x")) {
            assertThat(server.exitCode()).isEqualTo(2);
            assertThat(server.lines()).hasSize(4).allMatch(line -> line.startsWith("stun-server: "));
        }
    }

    @Test
    void aHangUpAppliesWhatMayChangeAndNothingOfABrokenFile() throws Exception {
        Path file = Files.writeString(directory.resolve("stun.yaml"), "drain-timeout: 10s\n");
        try (ServerProcess server = ServerProcess.onFreePorts(NO_ENVIRONMENT, "--config", file.toString())
                .awaitLine("ready")) {
            server.signal("HUP");
            server.awaitLine("was read again: nothing to apply");

            Files.writeString(file, "drain-timeout: 20s\nthreads: 5\nlog-level: debug\n");
            server.signal("HUP");
            server.awaitLine("was read again: applied drain-timeout, log-level");
            server.awaitLine("the value of before stays in force: threads");

            Files.writeString(file, "drain-timeout: 20s\nrelm: example.org\n");
            server.signal("HUP");
            server.awaitLine("what was read before stays in force: " + file + ":2: relm: no such setting");
            assertThat(get(server, "/metrics").body())
                    .contains("culvert_config_last_reload_successful 0.0", "culvert_config_reload_failures_total")
                    .doesNotContain("culvert_config_reload_failures_total 0.0");
            askForBinding(server.listening("udp"));
        }
    }

    @Test
    void certificatesAreReadAgainAtAHangUp() throws Exception {
        TestCertificate identity = TestCertificate.named("stun.example.org", directory);
        try (ServerProcess server = ServerProcess.start(
                        NO_ENVIRONMENT,
                        "--listen=tls:127.0.0.1:0",
                        "--no-admin",
                        "--tls-certificate=" + identity.certificateFile(),
                        "--tls-key=" + identity.keyFile())
                .awaitLine("ready")) {
            assertThat(server.lines()).anyMatch(line -> line.startsWith("listening tls 127.0.0.1:"));

            server.signal("HUP");
            server.awaitLine("was read again");
            Files.writeString(Path.of(identity.keyFile()), "no key");
            server.signal("HUP");
            server.awaitLine("stays in force");

            server.signal("TERM");
            assertThat(server.exitCode()).isZero();
        }
    }

    @Test
    void aKeyThatDoesNotFitIsTheConfigurationsFault() throws Exception {
        TestCertificate one = TestCertificate.named("one.example.org", directory);
        Path key = Files.writeString(directory.resolve("broken.key"), "-----BEGIN PRIVATE KEY-----\nAAAA\n");
        String[] options = {
            "--listen=tls:127.0.0.1:0", "--no-admin", "--tls-certificate=" + one.certificateFile(), "--tls-key=" + key
        };

        try (ServerProcess server = ServerProcess.start(NO_ENVIRONMENT, options)) {
            assertThat(server.exitCode()).isEqualTo(2);
            assertThat(server.lines()).singleElement().asString().contains(key.toString());
        }
    }

    @Test
    void tlsHandshakesStayCheap() throws Exception {
        Requirements.command("openssl");
        TestCertificate identity = TestCertificate.named("stun.example.org", directory);
        try (ServerProcess server = ServerProcess.start(
                        NO_ENVIRONMENT,
                        "--listen=tls:127.0.0.1:0",
                        "--no-admin",
                        "--tls-certificate=" + identity.certificateFile(),
                        "--tls-key=" + identity.keyFile())
                .awaitLine("ready")) {
            TransportAddress address = server.listening("tls");

            assertThat(openssl(address, "", "-tls1_3", "-groups", "X25519")).contains("Cipher is TLS_");
            assertThat(openssl(address, "", "-tls1_3", "-groups", "ffdhe8192")).contains("Cipher is (NONE)");
            assertThat(openssl(address, "", "-tls1_2"))
                    .contains("Cipher is ECDHE")
                    .doesNotContain("RENEGOTIATING");
            // The client hears a warning, or the end of the connection, and ends with an error.
            assertThat(openssl(address, "R\n", "-tls1_2")).contains("RENEGOTIATING", ":error:");
        }
    }

    /** What {@code openssl s_client} says about a connection on which {@code input} is typed. */
    private static String openssl(TransportAddress server, String input, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl", "s_client", "-connect", server.toString()));
        command.addAll(List.of(options));
        Process client = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (OutputStream typed = client.getOutputStream()) {
            typed.write(input.getBytes(StandardCharsets.US_ASCII));
        }
        return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void aSecondSignalEndsADrainAtOnce() throws Exception {
        try (ServerProcess server = ServerProcess.start(
                        NO_ENVIRONMENT, "--listen=tcp:127.0.0.1:0", "--no-admin", "--drain-timeout=1h")
                .awaitLine("ready")) {
            TransportAddress address = server.listening("tcp");
            try (Socket client = new Socket(address.ip().toInetAddress(), address.port())) {
                client.getOutputStream().write(BINDING_REQUEST);
                assertThat(client.getInputStream().read()).isEqualTo(0x01);

                server.signal("TERM");
                server.awaitLine("stopping");
                server.signal("TERM");

                assertThat(server.exitCode()).isEqualTo(143);
            }
        }
    }

    @Test
    void theFirstSignalAfterAnOperatorsDrainDoesNotCutItShort() throws Exception {
        try (ServerProcess server = ServerProcess.onFreePorts(
                        NO_ENVIRONMENT, "--listen=tcp:127.0.0.1:0", "--drain-timeout=1h")
                .awaitLine("ready")) {
            TransportAddress address = server.listening("tcp");
            try (Socket client = new Socket(address.ip().toInetAddress(), address.port())) {
                client.getOutputStream().write(BINDING_REQUEST);
                assertThat(client.getInputStream().read()).isEqualTo(0x01);
                HttpRequest drain = HttpRequest.newBuilder(URI.create(server.adminUrl() + "/api/v1/drain"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build();
                assertThat(HTTP.send(drain, HttpResponse.BodyHandlers.ofString(UTF_8))
                                .body())
                        .contains("{\"draining\":true}");
                server.awaitLine("stopping");

                server.signal("TERM");

                assertThat(get(server, "/health/live").statusCode()).isEqualTo(200);
                assertThat(get(server, "/health/ready").statusCode()).isEqualTo(503);
                server.signal("TERM");
                assertThat(server.exitCode()).isEqualTo(143);
            }
        }
    }

    @Test
    void aDrainEndsAtItsTimeout() throws Exception {
        try (ServerProcess server = ServerProcess.start(
                        NO_ENVIRONMENT, "--listen=tcp:127.0.0.1:0", "--no-admin", "--drain-timeout=300ms")
                .awaitLine("ready")) {
            TransportAddress address = server.listening("tcp");
            try (Socket client = new Socket(address.ip().toInetAddress(), address.port())) {
                client.getOutputStream().write(BINDING_REQUEST);
                assertThat(client.getInputStream().read()).isEqualTo(0x01);

                server.signal("TERM");

                assertThat(server.exitCode()).isZero();
            }
        }
    }

    @Test
    void logsJsonOnEveryLine() throws Exception {
        try (ServerProcess server = ServerProcess.onFreePorts(NO_ENVIRONMENT, "--log-format", "json")) {
            server.awaitLine("\"message\":\"ready\"").signal("TERM");

            assertThat(server.exitCode()).isZero();
            assertThat(server.lines()).isNotEmpty().allMatch(line -> line.startsWith("{") && line.endsWith("}"));
        }
    }

    @Test
    void theTokenGuardsAllButHealth() throws Exception {
        Path token = Files.writeString(directory.resolve("token"), "s3cret\n");
        try (ServerProcess server = ServerProcess.onFreePorts(NO_ENVIRONMENT, "--admin-token-file", token.toString())
                .awaitLine("ready")) {
            assertThat(get(server, "/health/ready").statusCode()).isEqualTo(200);
            assertThat(get(server, "/metrics").statusCode()).isEqualTo(401);
            assertThat(get(server, "/api/v1/server", "Authorization", "Bearer wrong")
                            .statusCode())
                    .isEqualTo(401);
            assertThat(get(server, "/metrics", "Authorization", "Bearer s3cret").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void systemdIsToldOfStartReloadAndStopAndThatItLives() throws Exception {
        for (String name : List.of(
                directory.resolve("notify").toString(),
                "@culvert-test-" + ProcessHandle.current().pid())) {
            Map<String, String> environment = Map.of("NOTIFY_SOCKET", name, "WATCHDOG_USEC", "200000");
            try (UnixReceiver systemd = UnixReceiver.bind(name);
                    ServerProcess server = ServerProcess.onFreePorts(environment, "--drain-timeout", "7s")) {
                systemd.awaitDatagram("READY=1");
                systemd.awaitDatagram("WATCHDOG=1");
                long askedMicros = System.nanoTime() / 1000;
                server.signal("HUP");
                String reloading = systemd.awaitDatagramThatBegins("RELOADING=1\nMONOTONIC_USEC=");
                systemd.awaitDatagrams("READY=1", 2);
                server.signal("TERM");
                systemd.awaitDatagram("STOPPING=1\nEXTEND_TIMEOUT_USEC=17000000");

                assertThat(Long.parseLong(reloading.substring(reloading.lastIndexOf('=') + 1)))
                        .isBetween(askedMicros, System.nanoTime() / 1000);
                assertThat(server.exitCode()).isZero();
            }
        }
    }

    private static void askForBinding(TransportAddress server) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            socket.setSoTimeout(10_000);
            socket.send(new DatagramPacket(BINDING_REQUEST, BINDING_REQUEST.length, server.toInetSocketAddress()));
            DatagramPacket reply = new DatagramPacket(new byte[1500], 1500);
            socket.receive(reply);
            assertThat(ByteBuffer.wrap(reply.getData()).getShort()).isEqualTo((short) 0x0101);
        }
    }

    private static HttpResponse<String> get(ServerProcess server, String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.adminUrl() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString(UTF_8));
    }
}
