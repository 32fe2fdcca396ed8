package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.ice.nat.FilteringBehavior;
import dev.culvert.ice.nat.MappingBehavior;
import dev.culvert.ice.nat.PairSide;
import dev.culvert.ice.nat.PairVerdict;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.SchemaCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PairCommandTest {
    @TempDir
    private Path folder;

    private Path first;
    private Path second;

    @BeforeEach
    void nameFiles() {
        first = folder.resolve("a.json");
        second = folder.resolve("b.json");
    }

    /** What {@code nat-probe --json} prints, less what {@code pair} does not look at. */
    private static String report(String ip, String mapping, String filtering, String classic, double confidence) {
        return """
                {"schema": "culvert.nat-probe/1",
                 "verdict": {"mapping": "%s", "filtering": "%s", "classic": "%s", "confidence": %s},
                 "external": [{"ip": "%s", "port": 40000, "family": "ipv4"}],
                 "local": [{"ip": "192.168.7.2", "port": 40000, "family": "ipv4"}],
                 "ports": {"samples": 0}}
                """.formatted(mapping, filtering, classic, confidence, ip);
    }

    private CommandRun pair(String... options) {
        String[] args = new String[options.length + 3];
        args[0] = "pair";
        System.arraycopy(options, 0, args, 1, options.length);
        args[args.length - 2] = first.toString();
        args[args.length - 1] = second.toString();
        return CommandRun.of(args);
    }

    private void write(String ofFirst, String ofSecond) throws IOException {
        Files.writeString(first, ofFirst);
        Files.writeString(second, ofSecond);
    }

    @ParameterizedTest
    @CsvSource({
        "endpoint-independent, endpoint-independent, full-cone, 0.99, 0, direct",
        "endpoint-independent, address-and-port-dependent, port-restricted-cone, 0.99, 0, 'direct, after both have sent (hole punching)'",
        "address-and-port-dependent, address-and-port-dependent, symmetric, 0.99, 10, only by a relay",
        "blocked, unknown, udp-blocked, 0.9, 10, only by a relay",
        "unknown, unknown, unknown, 0, 30, inconclusive",
    })
    void exitCodeFollowsTheVerdict(
            String mapping, String filtering, String classic, double confidence, int exit, String title)
            throws IOException {
        String other = report(
                "203.0.113.11", "endpoint-independent", "address-and-port-dependent", "port-restricted-cone", 0.99);
        write(report("203.0.113.10", mapping, filtering, classic, confidence), other);

        CommandRun text = pair();
        CommandRun json = pair("--json");

        assertThat(text.out()).startsWith("Connection: " + title + "\n").contains("Why: ");
        assertThat(text.exit()).isEqualTo(exit);
        assertThat(json.exit()).isEqualTo(exit);
        assertThat(SchemaCheck.problems("nat-probe.pair.schema.json", json.out()))
                .isEmpty();
        assertThat(pair("--quiet").out().lines()).hasSize(1);
    }

    @Test
    void realReportsOfOneHostAreSeenAtOneAddress() throws IOException {
        try (LoopbackServer server = new LoopbackServer()) {
            String report = CommandRun.of("--json", server.address()).out();
            write(report, report);

            CommandRun run = pair();

            assertThat(run.exit()).isEqualTo(30);
            assertThat(run.out()).startsWith("Connection: over their own network, or by hairpinning");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', 'is no report of nat-probe (it has no schema)'",
        "'{}', 'is no report of nat-probe (it has no schema)'",
        "'{\"schema\": \"culvert.nat-probe.bind/1\"}', 'its schema is culvert.nat-probe.bind/1'",
        "'{nonsense', is no JSON",
        "'{\"schema\": \"culvert.nat-probe/1\"}', verdict.mapping is ''",
    })
    void whatIsNoReportIsAnErrorInOneLine(String content, String said) throws IOException {
        write(content, content);

        CommandRun run = pair();

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).singleElement().asString().contains(first.toString(), said);
    }

    @Test
    void missingFileIsAnErrorInOneLine() {
        CommandRun run = pair();

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err().lines()).singleElement().asString().contains(first.toString(), "cannot be read");
    }

    @ParameterizedTest
    @CsvSource({"pair", "pair a.json", "pair a b c", "pair - -"})
    void wrongUseExitsWithTwoAndOneLine(String line) {
        CommandRun run = CommandRun.of(line.split(" "));

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err().lines()).singleElement().asString().startsWith("nat-probe: ");
    }

    @ParameterizedTest
    @EnumSource
    void documentedTableIsTheVerdict(PairTable.Kind a) {
        for (PairTable.Kind b : PairTable.Kind.values()) {
            PairVerdict verdict = PairVerdict.of(side("203.0.113.10", a), side("203.0.113.11", b));

            assertThat(PairTable.documented(a, b))
                    .as(b.title())
                    .isEqualTo(verdict.connection().text());
        }
    }

    private static PairSide side(String ip, PairTable.Kind kind) {
        boolean moving = kind == PairTable.Kind.APDM_RANDOM || kind == PairTable.Kind.APDM_SEQUENTIAL;
        return new PairSide(
                kind.title(),
                moving ? MappingBehavior.ADDRESS_AND_PORT_DEPENDENT : MappingBehavior.ENDPOINT_INDEPENDENT,
                switch (kind) {
                    case EIM_EIF -> FilteringBehavior.ENDPOINT_INDEPENDENT;
                    case EIM_ADF -> FilteringBehavior.ADDRESS_DEPENDENT;
                    case EIM_APDF, APDM_RANDOM, APDM_SEQUENTIAL -> FilteringBehavior.ADDRESS_AND_PORT_DEPENDENT;
                },
                moving,
                List.of(TransportAddress.parse(ip + ":4000").orElseThrow()),
                List.of(),
                true,
                kind == PairTable.Kind.APDM_SEQUENTIAL,
                0.99);
    }
}
