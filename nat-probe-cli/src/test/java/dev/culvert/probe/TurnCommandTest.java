package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.SchemaCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Command lines that do not get as far as an allocation. */
class TurnCommandTest {
    @TempDir
    private Path folder;

    private static CommandRun run(String uri, String... more) {
        List<String> arguments = new ArrayList<>(List.of("turn", uri, "--user", "alice", "--timeout", "300ms"));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    private static String closedPort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return "127.0.0.1:" + free.getLocalPort();
        }
    }

    @Test
    void withoutArgumentsTheUsageIsTold() {
        CommandRun run = CommandRun.of("turn");

        assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("--user").contains("URI");
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "--password,          , password",
        "--count=0,           --password=p, --count 0: is out of range",
        "--source-port=5000,  --password=p, --source-port 5000: turn needs several sockets",
        "--password-file=/does/not/exist, , --password-file /does/not/exist: cannot be read",
        "--password-file=x,   --password=p, is needed once",
        "--quiet,             , is needed once"
    })
    void wrongUsageIsToldInALine(String one, String other, String expected) {
        CommandRun run = other == null ? run("turn:127.0.0.1", one) : run("turn:127.0.0.1", one, other);

        assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains(expected);
        assertThat(run.err().strip().lines()).hasSize(1);
    }

    @Test
    void serverThatDoesNotAnswerIsBlocked() throws IOException {
        CommandRun run = run("turn:" + closedPort() + "?transport=udp", "--password", "secret", "--json");

        assertThat(run.exit()).isEqualTo(ExitCode.UDP_BLOCKED);
        assertThat(SchemaCheck.problems("nat-probe.turn.schema.json", run.out()))
                .isEmpty();
        assertThat(run.out()).contains("\"unreachable\"").contains("no answer; check address");
    }

    @Test
    void serverThatRefusesConnectionsIsAnError() throws IOException {
        CommandRun run = run("turn:" + closedPort() + "?transport=tcp", "--password", "secret");

        assertThat(run.exit()).isEqualTo(ExitCode.ERROR);
        assertThat(run.out())
                .startsWith("TURN: does not work over tcp\n")
                .contains("tcp: refused")
                .containsOnlyOnce("nothing listens there; check the port, and that the server runs");
    }

    @Test
    void nameThatNobodyKnowsIsAnErrorInALine() throws IOException {
        Path password = Files.writeString(folder.resolve("password"), "secret\nmore\n");

        CommandRun run = run("turn:host.invalid:3478", "--password-file", password.toString());

        assertThat(run.exit()).isEqualTo(ExitCode.ERROR);
        assertThat(run.err()).startsWith("nat-probe: unknown host host.invalid");
        assertThat(run.out()).isEmpty();
    }
}
