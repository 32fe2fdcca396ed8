package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.ice.gather.Candidate;
import dev.culvert.ice.gather.CandidateType;
import dev.culvert.ice.sdp.CandidateAttribute;
import dev.culvert.testkit.SchemaCheck;
import dev.culvert.testkit.lab.LabCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Candidates that a router maps, one that runs miniupnpd. */
class GatherMappingIT {
    private static final String NAT_PROBE = System.getProperty("culvert.nat-probe.jar");
    private static final Path TEST_CLASSES = Path.of("target", "test-classes").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private RouterLab lab;

    @BeforeAll
    static void routerCanBeBuilt() {
        RouterLab.require();
    }

    @BeforeEach
    void build() throws IOException {
        lab = new RouterLab(folder);
        lab.startRouterDaemon();
    }

    @AfterEach
    void takeDown() {
        lab.close();
    }

    /** By the first byte of a request on port 5351, PCP and NAT-PMP are told apart; without both, UPnP is left. */
    @ParameterizedTest
    @CsvSource({"PCP, '@th,64,8 0'", "NAT-PMP, '@th,64,8 2'", "UPnP IGD, '@th,64,8 0-2'"})
    void mappedCandidateIsReachedFromOutsideAndGoneAtTheEnd(String protocol, String firstByteDropped) throws Exception {
        if (!protocol.startsWith("UPnP")) {
            lab.router()
                    .nft("table ip silence { chain inp { type filter hook input priority filter;"
                            + " udp dport 1900 drop; }; }\n");
        }
        lab.dropRequests(firstByteDropped);
        Path out = folder.resolve("echo.out");

        Process echo = lab.client()
                .start(out, Programs.JAVA, "-cp", NAT_PROBE + ":" + TEST_CLASSES, "dev.culvert.probe.MappedEcho");
        Awaitility.await(protocol).atMost(PATIENCE).until(() -> lines(out).contains("ready"));

        List<Candidate> reflexive = candidates(out).stream()
                .filter(each -> each.type() == CandidateType.SRFLX)
                .toList();
        assertThat(reflexive).as(Files.readString(out)).hasSize(1);
        Candidate mapped = reflexive.get(0);
        assertThat(mapped.address().host()).isEqualTo("192.0.1.2");
        assertThat(mapped.related().orElseThrow().host()).isEqualTo("192.168.7.2");
        assertThat(lab.table()).contains("192.168.7.2");
        assertThat(lab.isReachedFromOutside(mapped.address().port())).isTrue();

        echo.getOutputStream().close();
        echo.waitFor();

        assertThat(lines(out)).last().isEqualTo("closed");
        assertThat(lab.table()).doesNotContain("192.168.7.2");
        assertThat(lab.isReachedFromOutside(mapped.address().port())).isFalse();
    }

    @Test
    void natProbeShowsTheMappedCandidateAndGivesItBack() throws IOException {
        LabCommand told =
                LabServers.natProbe(lab.client(), "gather", "--map", "--json", "--timeout", "8s", "stun:192.0.1.1");

        assertThat(told.exit()).as("%s%n%s", told.out(), told.err()).isZero();
        assertThat(SchemaCheck.problems("nat-probe.gather.schema.json", told.out()))
                .isEmpty();
        JsonNode report = new ObjectMapper().readTree(told.out());
        assertThat(report.path("candidates").findValuesAsText("source")).contains("c0", "router");
        assertThat(report.path("candidates").findValuesAsText("source_kind")).containsExactly("interface", "mapping");
        assertThat(report.at("/candidates/1/ip").asText()).isEqualTo("192.0.1.2");
        assertThat(lab.table()).doesNotContain("192.168.7.2");
    }

    @Test
    void killedNatProbeGivesTheMappingBack() throws Exception {
        Path out = folder.resolve("gather.out");
        Process gather =
                lab.client().start(out, Programs.natProbe("gather", "--map", "--timeout", "60s", "stun:192.0.1.1"));
        Awaitility.await().atMost(PATIENCE).until(() -> lab.table().contains("192.168.7.2"));

        gather.destroy();
        gather.waitFor();

        assertThat(lab.table()).doesNotContain("192.168.7.2");
    }

    private static List<String> lines(Path out) throws IOException {
        return Files.readAllLines(out);
    }

    private static List<Candidate> candidates(Path out) throws IOException {
        return lines(out).stream()
                .filter(line -> line.startsWith("a="))
                .map(CandidateAttribute::parse)
                .toList();
    }
}
