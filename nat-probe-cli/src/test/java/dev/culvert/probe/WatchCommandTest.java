package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.SchemaCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchCommandTest {
    private static final String TIME = "[0-9-]{10}T[0-9:]{8}Z";

    @Test
    void firstRoundTellsHowThingsStandAndFurtherOnesNothing() {
        try (LoopbackServer server = new LoopbackServer()) {
            CommandRun run = CommandRun.of("watch", "--count", "3", "--interval", "50ms", server.address());

            assertThat(run.exit()).as(run.err()).isZero();
            assertThat(run.out().lines())
                    .satisfiesExactly(
                            line -> assertThat(line).matches(TIME + " server " + server.address() + " answers"),
                            line -> assertThat(line).matches(TIME + " external 127\\.0\\.0\\.1"),
                            line -> assertThat(line)
                                    .matches(
                                            TIME + " NAT Open Internet: mapping none, filtering endpoint-independent"));
        }
    }

    @Test
    void eachJsonLineKeepsToTheSchema() {
        try (LoopbackServer server = new LoopbackServer()) {
            CommandRun run = CommandRun.of("watch", "--json", "--count", "1", server.address());

            assertThat(run.out().lines())
                    .hasSize(3)
                    .allSatisfy(line -> assertThat(SchemaCheck.problems("nat-probe.watch.schema.json", line))
                            .isEmpty());
        }
    }

    @Test
    void silentServerIsToldAndInconclusive() {
        CommandRun run = CommandRun.of("watch", "--count", "1", "--timeout", "200ms", "127.0.0.1:1");

        assertThat(run.exit()).isEqualTo(30);
        assertThat(run.out()).contains("server 127.0.0.1:1 does not answer").contains("NAT Unknown");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--interval soon 127.0.0.1:1",
                "--count -1 127.0.0.1:1",
                "--classify-every 0 127.0.0.1:1",
                "--transport tcp 127.0.0.1:1",
                "--source-port 4000 127.0.0.1:1",
                "stun:",
            })
    void wrongUseExitsWithTwoAndOneLine(String arguments) {
        CommandRun run = CommandRun.of(("watch " + arguments).split(" "));

        assertThat(run.exit()).as(run.err()).isEqualTo(2);
        assertThat(run.err().lines()).singleElement().asString().startsWith("nat-probe: ");
        assertThat(run.out()).isEmpty();
    }
}
