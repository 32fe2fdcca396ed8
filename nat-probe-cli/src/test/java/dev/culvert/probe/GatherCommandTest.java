package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.ice.sdp.CandidateAttribute;
import dev.culvert.testkit.SchemaCheck;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code nat-probe gather} against our own server on the loopback interface. */
class GatherCommandTest {
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
    void candidatesComeWithSourceAndTiming() {
        CommandRun run = gather(server.address());

        assertThat(run.out())
                .containsPattern("ms  host +1 +127\\.0\\.0\\.1:[0-9]+ +2130706431  lo\n")
                .containsPattern(
                        "\\(same\\)  srflx 127\\.0\\.0\\.1:[0-9]+ is known already; stun:127\\.0\\.0\\.1:[0-9]+ from")
                .containsPattern("1 candidate: first usable after [0-9.]+ ms, settled after .* complete after ");
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
    }

    @Test
    void sdpIsLinesThatAnyIceAgentReads() {
        CommandRun run = gather("--sdp", "--rtcp", server.address());

        List<String> lines = run.out().lines().toList();
        assertThat(lines).hasSize(3).last().isEqualTo("a=end-of-candidates");
        int rtp = CandidateAttribute.parse(lines.get(0)).address().port();
        assertThat(rtp).isEven();
        assertThat(CandidateAttribute.parse(lines.get(1)).component()).isEqualTo(2);
        assertThat(run.err()).isEmpty();
    }

    @Test
    void jsonKeepsToItsSchema() throws IOException {
        CommandRun run = gather("--json", "--timeout", "700ms", server.address(), "127.0.0.9:9");

        JsonNode report = new ObjectMapper().readTree(run.out());
        assertThat(SchemaCheck.problems("nat-probe.gather.schema.json", run.out()))
                .isEmpty();
        assertThat(report.at("/candidates")).hasSize(1);
        assertThat(report.at("/redundant")).hasSize(1);
        assertThat(report.has("settled_ms")).isTrue();
        assertThat(report.has("complete_ms")).isFalse();
        assertThat(report.at("/exit").asInt()).isEqualTo(run.exit()).isZero();
    }

    @Test
    void silentServersAreInconclusive() throws IOException {
        CommandRun run = gather("--timeout", "300ms", "127.0.0.9:9");

        assertThat(run.out()).contains("ended before it was complete; try a longer --timeout");
        assertThat(run.exit()).isEqualTo(30);
    }

    @Test
    void unknownHostIsTold() {
        CommandRun run = gather("no-such-host.invalid");

        assertThat(run.out()).contains("failed  stun:no-such-host.invalid: unknown host");
        assertThat(run.exit()).isEqualTo(30);
    }

    @Test
    void misuseIsExplained() {
        assertMisuse("--user and --password", "gather", "--user", "alice", "turn:127.0.0.1");
        assertMisuse("give --user and --password", "gather", "turn:127.0.0.1");
        assertMisuse("give a stun: URI", "gather", "stuns:127.0.0.1");
        assertMisuse("DTLS", "gather", "--user", "a", "--password", "b", "turns:127.0.0.1?transport=udp");
        assertMisuse("one form at a time", "gather", "--sdp", "--json", "127.0.0.1");
        assertMisuse("no such interface", "gather", "--interface", "nope0", "127.0.0.1");
        assertMisuse("own schedule", "gather", "--transport", "tcp", "127.0.0.1");
    }

    private static void assertMisuse(String said, String... args) {
        CommandRun run = CommandRun.of(args);

        assertThat(run.err()).contains(said);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.exit()).isEqualTo(2);
    }

    private static CommandRun gather(String... args) {
        String[] all = new String[args.length + 4];
        System.arraycopy(new String[] {"gather", "--loopback", "--interface", "127.0.0.1"}, 0, all, 0, 4);
        System.arraycopy(args, 0, all, 4, args.length);
        return CommandRun.of(all);
    }
}
