package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.testkit.Requirements;
import dev.culvert.testkit.SchemaCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The TURN doctor with coturn as its patient. */
class TurnCommandIT {
    @TempDir
    private Path folder;

    @BeforeEach
    void coturnIsThere() {
        Requirements.command("turnserver");
    }

    private static CommandRun run(String uri, String... more) {
        List<String> arguments = new ArrayList<>(List.of("turn", uri, "--user", "alice", "--count", "20"));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    @Test
    void healthyServerWorksOverUdpTcpAndTls() throws Exception {
        TlsFiles files = TlsFiles.valid(folder);
        try (CoturnProcess coturn = CoturnProcess.start(folder, files)) {
            CommandRun plain = run("turn:" + coturn.address(), "--password", "secret", "--json");
            CommandRun tls = run(
                    "turns:localhost:" + coturn.tlsPort(), "--password", "secret", "--ca", files.certificate(), "-4");

            JsonNode transports = new ObjectMapper().readTree(plain.out()).get("transports");
            assertThat(SchemaCheck.problems("nat-probe.turn.schema.json", plain.out()))
                    .isEmpty();
            assertThat(plain.exit()).isZero();
            for (int i = 0; i < 2; i++) {
                JsonNode one = transports.get(i);
                assertThat(one.get("verdict").asText()).isEqualTo("works");
                assertThat(one.at("/round_trips/received").asInt()).isGreaterThan(17);
                assertThat(one.at("/throughput/bits_per_second").asDouble()).isGreaterThan(1e5);
                assertThat(one.get("outside").asText()).isEqualTo("passed");
            }
            assertThat(tls.exit()).isZero();
            assertThat(tls.out()).startsWith("TURN: works over tls\n").contains("relayed 127.0.0.1:");
        }
    }

    @Test
    void wrongPasswordIsNamed() throws Exception {
        try (CoturnProcess coturn = CoturnProcess.start(folder, TlsFiles.valid(folder))) {
            String uri = "turn:" + coturn.address() + "?transport=udp";

            CommandRun plain = run(uri, "--password", "wrong");
            CommandRun expired = CommandRun.of("turn", uri, "--user", "1700000000:alice", "--password", "wrong");

            assertThat(plain.exit()).isEqualTo(ExitCode.ERROR);
            assertThat(plain.out()).contains("401 Unauthorized: the username or the password is wrong");
            assertThat(expired.exit()).isEqualTo(ExitCode.ERROR);
            assertThat(expired.out()).contains("401: the credential expired").contains("2023-11-14T22:13:20Z");
        }
    }

    @Test
    void expiredCertificateIsNamed() throws Exception {
        TlsFiles files = TlsFiles.expired(folder);
        try (CoturnProcess coturn = CoturnProcess.start(folder, files)) {
            CommandRun run = run(
                    "turns:localhost:" + coturn.tlsPort(), "--password", "secret", "--ca", files.certificate(), "-4");

            assertThat(run.out()).contains("the certificate has expired");
        }
    }

    /** All in a network namespace of its own, whose firewall drops what goes to the relay ports. */
    @Test
    void closedRelayPortsAreFound() throws Exception {
        Requirements.networkNamespaces();
        Requirements.command("nft");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String script = String.join(
                "\n",
                "ip link set lo up",
                "nft add table inet t",
                "nft add chain inet t in '{ type filter hook input priority 0; }'",
                "nft add rule inet t in udp dport 60000-61000 drop",
                "echo 32768 50000 > /proc/sys/net/ipv4/ip_local_port_range",
                "turnserver -n --lt-cred-mech --no-cli --no-dtls --no-tls --allow-loopback-peers --listening-ip 127.0.0.1"
                        + " --relay-ip 127.0.0.1 --min-port 60000 --max-port 61000 --user alice:secret --realm r"
                        + " --pidfile " + folder.resolve("pid") + " --log-file " + folder.resolve("log") + " &",
                "server=$!",
                "sleep 3",
                "'" + java + "' -cp \"$CLASSES\" " + Main.class.getName()
                        + " turn turn:127.0.0.1?transport=udp --user alice --password secret --count 20",
                "code=$?",
                "kill $server",
                "exit $code");
        ProcessBuilder builder = new ProcessBuilder("unshare", "-n", "-m", "bash", "-c", script);
        builder.environment().put("CLASSES", System.getProperty("java.class.path"));

        Process process = builder.redirectErrorStream(true).start();
        String output = read(process);

        assertThat(output).contains("udp: allocates, but does not relay").contains("open the server's UDP relay ports");
        assertThat(process.waitFor()).isEqualTo(ExitCode.UDP_BLOCKED);
    }

    private static String read(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
