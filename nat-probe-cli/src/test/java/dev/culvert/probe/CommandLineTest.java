package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.testkit.SchemaCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Command lines against our own server on the loopback interface. */
class CommandLineTest {
    private static LoopbackServer server;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startServer() {
        server = new LoopbackServer();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Test
    void classifyBeginsWithTheThreeLinesThatScriptsRead() {
        CommandRun run = CommandRun.of(server.address());

        assertThat(run.out().lines().limit(3))
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("NAT Type: Open Internet"),
                        line -> assertThat(line).isEqualTo("External IP: 127.0.0.1"),
                        line -> assertThat(line).matches("External Port: [0-9]{1,5}"));
        assertThat(run.exit()).isZero();
        assertThat(run.err()).isEmpty();
    }

    @Test
    void classifyTellsMappingFilteringPortsAndMeaning() {
        CommandRun run = CommandRun.of(server.address());

        assertThat(run.out())
                .contains("Mapping: none")
                .contains("Filtering: endpoint-independent")
                .contains("Ports: preserved (8 sockets")
                .contains("tcp answered")
                .contains("RFC 5780")
                .contains("VoIP: ")
                .contains("WebRTC: ")
                .contains("Games: ");
    }

    @Test
    void quietClassifyPrintsTheThreeLinesAlone() {
        CommandRun run = CommandRun.of("--quiet", server.address());

        assertThat(run.out().lines()).hasSize(3);
    }

    @Test
    void pipedOutputHasNoColours() {
        assertThat(CommandRun.of(server.address()).out()).doesNotContain("\u001b");
    }

    @Test
    void jsonKeepsToItsSchema() throws IOException {
        CommandRun run = CommandRun.of("--json", server.address());

        JsonNode report = new ObjectMapper().readTree(run.out());
        assertThat(SchemaCheck.problems("nat-probe.schema.json", run.out())).isEmpty();
        assertThat(report.at("/schema").asText()).isEqualTo("culvert.nat-probe/1");
        assertThat(report.at("/verdict/mapping").asText()).isEqualTo("none");
        assertThat(report.at("/verdict/filtering").asText()).isEqualTo("endpoint-independent");
        assertThat(report.at("/verdict/classic").asText()).isEqualTo("open");
        assertThat(report.at("/external/0/ip").asText()).isEqualTo("127.0.0.1");
        assertThat(report.at("/exit").asInt()).isEqualTo(run.exit()).isZero();
    }

    @Test
    void localAddressesAreThoseThatCanHaveBeenUsed() throws IOException {
        CommandRun loopback = CommandRun.of("--json", server.address());
        CommandRun bound = CommandRun.of("--json", "--interface", "127.0.0.3", server.address());

        assertThat(localIps(loopback)).containsExactly("127.0.0.1");
        assertThat(localIps(bound)).containsExactly("127.0.0.3");
    }

    private static List<String> localIps(CommandRun run) throws IOException {
        return new ObjectMapper().readTree(run.out()).get("local").findValuesAsText("ip");
    }

    @Test
    void transportsComeInAFixedOrderAndTellWhyTheyFailed() throws IOException {
        CommandRun text = CommandRun.of(server.address());
        CommandRun json = CommandRun.of("--json", server.address());

        assertThat(text.out()).containsPattern("udp answered in .* ms, tcp answered, tls refused");
        JsonNode streams = new ObjectMapper().readTree(json.out()).at("/servers/0/streams");
        assertThat(streams.findValuesAsText("transport")).containsExactly("tcp", "tls");
        assertThat(streams.findValuesAsText("failure")).containsExactly("refused");
    }

    @Test
    void explanationTellsEachStep() throws IOException {
        CommandRun text = CommandRun.of("--explain", server.address());
        CommandRun json = CommandRun.of("--explain", "--json", server.address());

        assertThat(text.out())
                .startsWith("NAT Type: Open Internet\n")
                .containsPattern("One socket, port [0-9]+, asked 4 addresses")
                .contains("That is this host's own address: nothing translates on the way.")
                .containsPattern("F1: .* was asked to answer from the other address and port, .*: it came\\.")
                .contains("Mapping and filtering together are called Open Internet.");
        assertThat(SchemaCheck.problems("nat-probe.schema.json", json.out())).isEmpty();
        assertThat(new ObjectMapper().readTree(json.out()).get("explanation").size())
                .isGreaterThan(5);
    }

    @Test
    void explanationOfNothingTellsWhy() {
        CommandRun run = CommandRun.of("--explain", "--timeout", "300ms", "127.0.0.1:1");

        assertThat(run.out())
                .contains("127.0.0.1:1 does not answer.")
                .contains("The mapping is inconclusive: no server answered")
                .contains("So no name is given.");
    }

    @Test
    void bindOverTcpLeavesFromTheGivenAddress() {
        CommandRun run = CommandRun.of("bind", "--transport", "tcp", "--interface", "127.0.0.3", server.address());

        assertThat(run.out()).startsWith("127.0.0.3:");
    }

    @Test
    void bindPrintsOneLine() {
        assertThat(CommandRun.of("bind", server.address()).out()).matches("127\\.0\\.0\\.1:[0-9]{1,5}\\R");
        assertThat(CommandRun.of("bind", "--transport", "tcp", "stun:" + server.address())
                        .out())
                .matches("127\\.0\\.0\\.1:[0-9]{1,5}\\R");
    }

    @Test
    void bindInJsonKeepsToItsSchema() {
        CommandRun run = CommandRun.of("bind", "--json", server.address());

        assertThat(SchemaCheck.problems("nat-probe.bind.schema.json", run.out()))
                .isEmpty();
        assertThat(run.exit()).isZero();
    }

    @Test
    void interfaceMayBeGivenByNameOrAddress() {
        assertThat(CommandRun.of("bind", "--interface", "127.0.0.3", server.address())
                        .out())
                .startsWith("127.0.0.3:");
        assertThat(CommandRun.of("--quiet", "--interface", "lo", server.address())
                        .out())
                .contains("External IP: 127.0.0.1");
    }

    @Test
    void sourcePortIsUsedAndWarnedAbout() {
        CommandRun run = CommandRun.of("--source-port", "45670", server.address());

        assertThat(run.out()).contains("External Port: 45670");
        assertThat(run.err()).startsWith("nat-probe: --source-port 45670: ");
    }

    @Test
    void verboseRunPrintsEvidenceAndEveryMessage() {
        CommandRun run = CommandRun.of("-vv", server.address());

        assertThat(run.out()).containsPattern("F1 +:[0-9]+ +→ 127\\.0\\.0\\.1:[0-9]+ change ip\\+port");
        assertThat(run.err()).contains("Binding request").contains("OTHER-ADDRESS: 127.0.0.2:");
    }

    @Test
    void captureOfARunCanBeDecoded() {
        Path capture = folder.resolve("run.pcap");

        CommandRun run = CommandRun.of("--json", "--pcap", capture.toString(), server.address());
        CommandRun decoded = CommandRun.of("decode", capture.toString());

        assertThat(run.exit()).isZero();
        assertThat(decoded.out())
                .contains("Binding request")
                .contains("Binding success response")
                .contains("CHANGE-REQUEST: changeIp=true, changePort=true")
                .contains(" tcp 127.0.0.1:");
    }

    @Test
    void serverThatDoesNotAnswerIsInconclusive() {
        CommandRun run = CommandRun.of("--timeout", "300ms", "127.0.0.1:1");

        assertThat(run.exit()).isEqualTo(30);
        assertThat(run.out()).startsWith("NAT Type: Unknown").contains("Mapping: inconclusive: no server answered");
    }

    @Test
    void bindWithoutAnswerIsAnErrorInOneLine() {
        CommandRun run = CommandRun.of("bind", "--timeout", "300ms", "127.0.0.1:1");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).singleElement().asString().contains("127.0.0.1:1", "no answer", "300 ms");
    }

    @Test
    void unknownHostIsAnErrorInOneLine() {
        CommandRun run = CommandRun.of("no-such-host.invalid");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("nat-probe: unknown host no-such-host.invalid");
    }

    @Test
    void namesOfWhichNoneIsKnownAreOneError() {
        CommandRun run = CommandRun.of("no-such-host.invalid", "nor-this-one.invalid");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .contains("any of the 2 servers", "no-such-host.invalid", "nor-this-one.invalid");
    }

    @Test
    void oneUnknownHostAmongOthersIsAWarning() {
        CommandRun run = CommandRun.of("no-such-host.invalid", server.address());

        assertThat(run.exit()).isZero();
        assertThat(run.err()).contains("unknown host no-such-host.invalid");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--bogus",
                "stun:",
                "host:99999",
                "turn:example.org",
                "--timeout 0s",
                "--timeout soon",
                "-4 -6 127.0.0.1",
                "--servers no-such-file",
                "--interface no-such-interface 127.0.0.1:1",
                "--source-port 70000 127.0.0.1:1",
                "--transport tcp 127.0.0.1:1",
                "--transport sctp 127.0.0.1:1",
                "bind",
                "-6 bind 127.0.0.1:1",
                "127.0.0.1:1 bind 127.0.0.1:1",
                "--pcap /no/such/folder/x.pcap 127.0.0.1:1",
                "bind --transport tcp --source-port 4000 127.0.0.1:1",
                "decode --user u",
                "gateway --map 0",
                "gateway --map 70000",
                "gateway --for 30s",
                "gateway --map 5000 --transport tls",
                "gateway --router home",
                "sip",
                "sip --transport tls 127.0.0.1:1",
                "sip --port 0 127.0.0.1:1",
                "sip --port sip 127.0.0.1:1",
                "sip stuns:127.0.0.1",
            })
    void wrongUseExitsWithTwoAndOneLine(String arguments) {
        CommandRun run = CommandRun.of(arguments.split(" "));

        assertThat(run.exit()).as(run.err()).isEqualTo(2);
        assertThat(run.err().lines()).singleElement().asString().startsWith("nat-probe: ");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void addressFamilyThatAServerLacksIsToldAsSuch() {
        CommandRun run = CommandRun.of("-6", "127.0.0.1");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("127.0.0.1").contains("no IPv6 address");
    }

    @Test
    void serversFileIsReadLineByLine() throws IOException {
        Path file = folder.resolve("servers");
        Files.writeString(file, "# mine\n\n" + server.address() + "   # the only one\n");

        CommandRun run = CommandRun.of("--servers", file.toString(), "--quiet");

        assertThat(run.exit()).isZero();
        assertThat(run.out()).startsWith("NAT Type: Open Internet");
    }

    @Test
    void helpVersionAndCompletionArePrinted() {
        assertThat(CommandRun.of("--help").out()).contains("nat-probe").contains("10   a relay is needed");
        assertThat(CommandRun.of("help", "bind").out()).contains("--transport");
        assertThat(CommandRun.of("--version").out()).startsWith("nat-probe ");
        assertThat(CommandRun.of("generate-completion").out()).contains("complete");
    }
}
