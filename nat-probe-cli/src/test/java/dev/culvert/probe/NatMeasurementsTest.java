package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.testkit.SchemaCheck;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that look at one property of a NAT, on the loopback interface, where there is none. */
@Execution(ExecutionMode.CONCURRENT)
class NatMeasurementsTest {
    private static LoopbackServer server;

    @BeforeAll
    static void startServer() {
        server = new LoopbackServer();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Test
    void lifetimeWithoutNatHasNoUpperEnd() throws IOException {
        CommandRun run = CommandRun.of("lifetime", "--json", "--explain", "--rungs", "1s,2s", server.address());

        assertThat(SchemaCheck.problems("nat-probe.lifetime.schema.json", run.out()))
                .isEmpty();
        JsonNode report = new ObjectMapper().readTree(run.out());
        assertThat(report.at("/method").asText()).isEqualTo("response-port");
        assertThat(report.at("/translated").asBoolean()).isFalse();
        assertThat(report.at("/fresh/at_least_s").asInt()).isEqualTo(2);
        assertThat(report.at("/fresh").has("less_than_s")).isFalse();
        assertThat(report.at("/keepalive/interval_s").asInt()).isEqualTo(1);
        assertThat(run.exit()).isZero();
        assertThat(run.err()).isEmpty();
    }

    @Test
    void lifetimeInWordsSaysThatThereIsNoNat() {
        CommandRun run = CommandRun.of("lifetime", "-v", "--rungs", "1s", server.address());

        assertThat(run.out())
                .contains("Fresh: ≥ 1 s")
                .contains("Keepalive: every 0.5 s")
                .contains("there is no NAT")
                .contains("fresh 1 s: alive");
    }

    @Test
    void hairpinIsNotNeededWithoutNat() throws IOException {
        CommandRun json = CommandRun.of("hairpin", "--json", "--explain", server.address());
        CommandRun text = CommandRun.of("hairpin", "--explain", server.address());

        assertThat(SchemaCheck.problems("nat-probe.hairpin.schema.json", json.out()))
                .isEmpty();
        assertThat(new ObjectMapper().readTree(json.out()).at("/hairpinning").asText())
                .isEqualTo("not-needed");
        assertThat(json.exit()).isZero();
        assertThat(text.out()).startsWith("Hairpinning: not needed").contains("Two sockets asked");
    }

    @Test
    void portsAreNotTranslatedWithoutNat() throws IOException {
        CommandRun json = CommandRun.of("ports", "--json", "--explain", "--sockets", "5", server.address());
        CommandRun text = CommandRun.of("ports", "-v", "--explain", "--sockets", "4", server.address());

        assertThat(SchemaCheck.problems("nat-probe.ports.schema.json", json.out()))
                .isEmpty();
        JsonNode report = new ObjectMapper().readTree(json.out());
        assertThat(report.at("/assignment").asText()).isEqualTo("none");
        assertThat(report.at("/samples")).hasSize(5);
        assertThat(report.at("/consecutive")).hasSize(8);
        assertThat(text.out()).startsWith("Ports: not translated").contains("→ 127.0.0.1:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lifetime", "hairpin", "ports"})
    void silentServerIsAnErrorThatNamesIt(String command) throws IOException {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + silent.getLocalPort();

            CommandRun run = CommandRun.of(command, "--timeout", "300ms", address);

            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.out()).isEmpty();
            assertThat(run.err())
                    .startsWith("nat-probe: no answer from " + address)
                    .hasLineCount(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lifetime                            | SERVER",
                "hairpin                             | SERVER",
                "ports                               | SERVER",
                "lifetime --rungs 5s,2s 127.0.0.1    | --rungs: the rungs do not rise",
                "lifetime --rungs 500ms 127.0.0.1    | --rungs: the shortest rung is 1 second",
                "lifetime --rungs soon 127.0.0.1     | is no duration",
                "ports --sockets 1 127.0.0.1         | --sockets 1",
                "hairpin --transport tcp 127.0.0.1   | --transport tcp: hairpin is about UDP",
                "lifetime --source-port 65490 --rungs 1s,2s,3s,4s,5s,6s,7s,8s,9s,10s,11s,12s,13s,14s,15s,16s,17s,18s,19s,"
                        + "20s,21s,22s,23s 127.0.0.1 | 48 ports from there on are needed"
            })
    void wrongUseIsToldInOneLine(String arguments, String expected) {
        CommandRun run = CommandRun.of(arguments.split(" +"));

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(expected).hasLineCount(1);
    }
}
