package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.Requirements;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
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

    @Test
    void checkServerFindsWhereTheyAreWrong() throws IOException {
        Requirements.command("turnserver");
        Requirements.command("stund");
        String coturn = "turnserver -n --no-cli --no-tls --no-dtls --lt-cred-mech --user u:p --realm r.example"
                + " --listening-ip 127.0.0.1 --listening-ip 127.0.0.2 --relay-ip 127.0.0.1"
                + " --listening-port 34784 --alt-listening-port 34785 --pidfile /dev/null --log-file stdout";
        String stund = "stund -h 127.0.0.1 -a 127.0.0.2 -p 34786 -o 34787";

        CommandRun ofCoturn = whileRunning(
                List.of(coturn.split(" ")), "127.0.0.1:34784", () -> CommandRun.of("check-server", "127.0.0.1:34784"));
        CommandRun ofStund = whileRunning(
                List.of(stund.split(" ")), "127.0.0.1:34786", () -> CommandRun.of("check-server", "127.0.0.1:34786"));

        // Asked at its second address, coturn names that very address; stund names the same wherever it is asked.
        assertThat(ofCoturn.out())
                .contains("WRONG   all four addresses       127.0.0.2:34784 says OTHER-ADDRESS 127.0.0.2:34785")
                .contains("yes     CHANGE-REQUEST ip+port   answered from 127.0.0.2:34785")
                .contains("asks for credentials: realm r.example, password algorithms MD5")
                .contains("yes     RESPONSE-PORT")
                .contains("yes     TCP")
                .contains("1 fault;");
        assertThat(ofStund.out())
                .contains("WRONG   unknown attributes       one that must be known is not answered")
                .contains("WRONG   all four addresses")
                .contains("yes     CHANGE-REQUEST ip+port   answered from 127.0.0.2:34787")
                .contains("no      TURN")
                .contains("2 faults;");
        assertThat(List.of(ofCoturn.exit(), ofStund.exit())).containsExactly(1, 1);
    }

    private void assertIsGoodForAllTests(List<String> command, String server) throws IOException {
        CommandRun run = whileRunning(command, server, () -> CommandRun.of("-v", server));

        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .startsWith("NAT Type: Open Internet")
                .contains("Filtering: endpoint-independent")
                .doesNotContain("fault")
                .doesNotContain("silence");
    }

    private CommandRun whileRunning(List<String> command, String server, Supplier<CommandRun> run) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        try {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() ->
                            CommandRun.of("bind", "--timeout", "300ms", server).exit() == 0);

            return run.get();
        } finally {
            process.destroyForcibly();
        }
    }
}
