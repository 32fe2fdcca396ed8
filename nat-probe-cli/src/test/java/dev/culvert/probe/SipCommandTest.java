package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.ice.sip.SipAnswer;
import dev.culvert.ice.sip.SipComparison;
import dev.culvert.ice.sip.SipMethod;
import dev.culvert.ice.sip.SipRequest;
import dev.culvert.ice.sip.SipTransport;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.Counter;
import dev.culvert.server.core.Counters;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.server.core.SipReflector;
import dev.culvert.server.core.SourceRateLimiter;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.SchemaCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code nat-probe sip} against our own server: in memory, and on the loopback interface. */
class SipCommandTest {
    @TempDir
    private Path folder;

    private static String port(LoopbackServer server) {
        return server.address().substring(server.address().indexOf(':') + 1);
    }

    @ParameterizedTest
    @CsvSource({
        "192.168.7.2:40123, 203.0.113.1:5060, 203.0.113.10:1024",
        "[fd00:1234:5678:9abc:def0:1234:5678:9abc]:40123, [2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff]:65535,"
                + " [2001:db8:1234:5678:9abc:def0:1234:5678]:65535",
    })
    void reflectorAnswersEveryRequestOfTheProbeWithinItsLength(String local, String server, String source) {
        for (SipMethod method : SipMethod.values()) {
            for (SipTransport transport : SipTransport.values()) {
                SipRequest request = request(method, transport, local, server);

                SipAnswer answer = reflected(request, address(source), UnaryOperator.identity());

                assertThat(answer.received()).isEqualTo(request.text());
                assertThat(answer.source()).isEqualTo(address(source));
                assertThat(answer.viaSource()).contains(address(source));
                assertThat(SipComparison.of(request, answer).changes()).isEmpty();
            }
        }
    }

    @Test
    void algOnTheWayToTheReflectorIsSeen() {
        SipRequest request = request(SipMethod.INVITE, SipTransport.UDP, "192.168.7.2:40123", "203.0.113.1:5060");

        SipAnswer answer =
                reflected(request, address("203.0.113.10:40123"), text -> text.replace("192.168.7.2", "203.0.113.10"));

        assertThat(SipComparison.of(request, answer).faults())
                .anySatisfy(fault -> assertThat(fault.detail()).startsWith("Content-Length says "));
    }

    private static TransportAddress address(String text) {
        return TransportAddress.parse(text).orElseThrow();
    }

    private static SipRequest request(SipMethod method, SipTransport transport, String local, String server) {
        return SipRequest.create(method, transport, address(server), address(local), new Random(1));
    }

    /** What the core of the server answers to what the way makes of a request. */
    private static SipAnswer reflected(SipRequest request, TransportAddress source, UnaryOperator<String> way) {
        byte[] arrived = way.apply(request.text()).getBytes(StandardCharsets.ISO_8859_1);
        SipReflector reflector = new SipReflector(SourceRateLimiter.unlimited(), new Counters<>(Counter.class));
        List<byte[]> answers = new ArrayList<>();
        FiveTuple flow = new FiveTuple(Transport.UDP, request.server(), source);
        reflector.onBytes(flow, ByteBuffer.wrap(arrived), 0, arrived.length, 0, (message, from, to) -> {
            byte[] copy = new byte[message.remaining()];
            message.get(copy);
            answers.add(copy);
        });
        assertThat(answers).hasSize(1);
        assertThat(answers.get(0)).hasSizeLessThan(arrived.length - 50);
        return SipAnswer.read(answers.get(0), request.mark()).orElseThrow();
    }

    @Test
    void withoutAlgItSaysSoAndEveryRequestArrivedAsSent() {
        try (LoopbackServer server = new LoopbackServer()) {
            CommandRun run = CommandRun.of("sip", "--port", port(server), server.address());

            assertThat(run.err()).isEmpty();
            assertThat(run.exit()).isZero();
            assertThat(run.out().lines())
                    .startsWith("SIP ALG: none", "Server: 127.0.0.1")
                    .contains(
                            "udp " + port(server) + " OPTIONS: arrived as sent",
                            "udp " + port(server) + " INVITE: arrived as sent",
                            "tcp " + port(server) + " OPTIONS: arrived as sent",
                            "tcp " + port(server) + " INVITE: arrived as sent");
            assertThat(run.out()).containsPattern("udp [0-9]+ rport: 127.0.0.1:[0-9]+, as STUN says");
        }
    }

    @Test
    void quietPrintsTheVerdictAlone() {
        try (LoopbackServer server = new LoopbackServer()) {
            CommandRun run = CommandRun.of("sip", "--quiet", "--port", port(server), server.address());

            assertThat(run.out()).matches("SIP ALG: none\\R");
        }
    }

    @Test
    void jsonKeepsToItsSchema() throws IOException {
        try (LoopbackServer server = new LoopbackServer()) {
            CommandRun run = CommandRun.of("sip", "--json", "--port", port(server), server.address());

            JsonNode report = new ObjectMapper().readTree(run.out());
            assertThat(SchemaCheck.problems("nat-probe.sip.schema.json", run.out()))
                    .isEmpty();
            assertThat(report.path("verdict").asText()).isEqualTo("none");
            assertThat(report.path("attempts")).hasSize(4);
            assertThat(report.at("/stun/0/mapped")).isEqualTo(report.at("/attempts/0/source"));
            assertThat(report.path("exit").asInt()).isEqualTo(run.exit()).isZero();
        }
    }

    @Test
    void oneTransportMayBeAsked() throws IOException {
        try (LoopbackServer server = new LoopbackServer()) {
            CommandRun run =
                    CommandRun.of("sip", "--json", "--transport", "tcp", "--port", port(server), server.address());

            JsonNode report = new ObjectMapper().readTree(run.out());
            assertThat(report.findValuesAsText("transport")).hasSize(2).containsOnly("tcp");
        }
    }

    @Test
    void portAtWhichNothingListensIsInconclusive() {
        try (LoopbackServer server = new LoopbackServer()) {
            String dead = String.valueOf(LoopbackServer.freePort());

            CommandRun run = CommandRun.of(
                    "sip", "--timeout", "500ms", "--port", dead, "--port", port(server), server.address());

            assertThat(run.exit()).isEqualTo(30);
            assertThat(run.out())
                    .startsWith("SIP ALG: inconclusive: no INVITE came back from port " + dead)
                    .contains("Note: nothing answers over udp at port " + dead)
                    .contains("--listen tcp:*:" + dead);
        }
    }

    @Test
    void serverWithoutReflectorIsAnErrorThatNamesTheOption() {
        try (LoopbackServer server = new LoopbackServer(false)) {
            CommandRun run = CommandRun.of("sip", "--timeout", "500ms", "--port", port(server), server.address());

            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.out()).isEmpty();
            assertThat(run.err().lines())
                    .singleElement()
                    .asString()
                    .isEqualTo("nat-probe: 127.0.0.1 is there, but gives no answer to SIP at port " + port(server)
                            + ": needs a server with --sip-reflector");
        }
    }

    @Test
    void serverThatIsNotThereIsAnErrorInOneLine() {
        CommandRun run = CommandRun.of("sip", "--timeout", "300ms", "127.0.0.1:1");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("nat-probe: no answer from 127.0.0.1 at port 5060 and 1: ")
                .contains("--sip-reflector");
    }

    @Test
    void messagesAreTracedAsText() {
        try (LoopbackServer server = new LoopbackServer()) {
            Path capture = folder.resolve("sip.pcap");

            CommandRun run =
                    CommandRun.of("sip", "-vv", "--pcap", capture.toString(), "--port", port(server), server.address());

            assertThat(run.err())
                    .contains("  INVITE sip:nat-probe@127.0.0.1")
                    .contains("  SIP/2.0 488 Not Acceptable Here")
                    .contains("TCP 127.0.0.1:");
            assertThat(capture).isNotEmptyFile();
        }
    }
}
