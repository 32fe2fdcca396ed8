package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.testkit.SchemaCheck;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code nat-probe check-server} against our own server on the loopback interface. */
class CheckServerTest {
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
    void ownServerHasNoFault() {
        CommandRun run = CommandRun.of("check-server", "-v", server.address());

        assertThat(run.exit()).as(run.out()).isZero();
        assertThat(run.out())
                .startsWith(server.address() + ": RFC 5389 or later")
                .contains("yes     all four addresses")
                .contains("yes     CHANGE-REQUEST ip+port")
                .contains("yes     RESPONSE-PORT")
                .contains("yes     receipts")
                .contains("yes     TCP")
                .containsPattern("Binding +68 bytes for +20, factor 3\\.4")
                .contains("no fault; rate limits were not tested")
                .doesNotContain("\u001b");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void jsonKeepsToItsSchema() throws IOException {
        CommandRun run = CommandRun.of("check-server", "--json", "turn:" + server.address() + "?transport=udp");

        JsonNode report = new ObjectMapper().readTree(run.out());
        assertThat(SchemaCheck.problems("nat-probe.check-server.schema.json", run.out()))
                .isEmpty();
        assertThat(report.path("standard").asText()).isEqualTo("rfc5389");
        assertThat(report.path("faults").asInt()).isZero();
        assertThat(report.path("exit").asInt()).isEqualTo(run.exit()).isZero();
    }

    @Test
    void quietCheckPrintsFaultsAlone() {
        assertThat(CommandRun.of("check-server", "--quiet", server.address()).out())
                .isEqualTo("no fault" + System.lineSeparator());
    }

    @Test
    void silentServerIsInconclusive() {
        CommandRun run = CommandRun.of("check-server", "--timeout", "300ms", "127.0.0.1:1");

        assertThat(run.exit()).isEqualTo(30);
        assertThat(run.out())
                .startsWith("127.0.0.1:1: silent over UDP")
                .contains("no answer over UDP; check address, port and firewalls");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--transport tcp 127.0.0.1:1", "127.0.0.1:1 127.0.0.1:2", "stun:", "--ca"})
    void wrongUseExitsWithTwoAndOneLine(String arguments) {
        CommandRun run = CommandRun.of(("check-server " + arguments).strip().split(" "));

        assertThat(run.exit()).as(run.err()).isEqualTo(2);
        assertThat(run.err().lines()).singleElement().asString().startsWith("nat-probe: ");
    }

    @Test
    void unknownHostIsAnErrorInOneLine() {
        CommandRun run = CommandRun.of("check-server", "no-such-host.invalid");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err().lines()).singleElement().asString().contains("unknown host no-such-host.invalid");
    }
}
