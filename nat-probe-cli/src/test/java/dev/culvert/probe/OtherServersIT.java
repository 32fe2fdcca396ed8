package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.Requirements;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that others wrote, on the loopback interface: coturn (RFC 5780) and stund (RFC 3489). */
class OtherServersIT {
    @TempDir
    private Path folder;

    @Test
    void coturnIsGoodForAllTests() throws IOException {
        Requirements.command("turnserver");
        List<String> command = List.of(
                "turnserver",
                "-n",
                "--no-auth",
                "--no-cli",
                "--no-tls",
                "--no-dtls",
                "--stun-only",
                "--listening-ip",
                "127.0.0.1",
                "--listening-ip",
                "127.0.0.2",
                "--listening-port",
                "34780",
                "--alt-listening-port",
                "34781",
                "--pidfile",
                "/dev/null",
                "--log-file",
                "stdout");

        assertIsGoodForAllTests(command, "127.0.0.1:34780");
    }

    @Test
    void stundIsGoodForAllTests() throws IOException {
        Requirements.command("stund");
        List<String> command = List.of("stund", "-h", "127.0.0.1", "-a", "127.0.0.2", "-p", "34782", "-o", "34783");

        assertIsGoodForAllTests(command, "127.0.0.1:34782");
    }

    private void assertIsGoodForAllTests(List<String> command, String server) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        try {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() ->
                            CommandRun.of("bind", "--timeout", "300ms", server).exit() == 0);

            CommandRun run = CommandRun.of("-v", server);

            assertThat(run.exit()).isZero();
            assertThat(run.out())
                    .startsWith("NAT Type: Open Internet")
                    .contains("Filtering: endpoint-independent")
                    .doesNotContain("fault")
                    .doesNotContain("silence");
        } finally {
            process.destroyForcibly();
        }
    }
}
