package dev.culvert.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

class RequirementsTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    @Test
    void missingRequirementSkipsTheTestAndSaysWhy() {
        assertThatThrownBy(() -> Requirements.that(false, "needs wings", false, out))
                .isInstanceOf(TestAbortedException.class)
                .hasMessage("needs wings");

        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualToIgnoringNewLines("skipped: needs wings");
    }

    @Test
    void missingRequirementFailsTheTestWhereAllIsRequired() {
        assertThatThrownBy(() -> Requirements.that(false, "needs wings", true, out))
                .isInstanceOf(AssertionFailedError.class)
                .hasMessageContaining("needs wings");
    }

    @Test
    void metRequirementPassesInSilence() {
        assertThatCode(() -> {
                    Requirements.that(true, "needs legs", true, out);
                    Requirements.jdk(17);
                    Requirements.command("sh");
                })
                .doesNotThrowAnyException();

        assertThat(printed.size()).isZero();
    }

    @Test
    void commandsAreSoughtOnThePath() {
        assertThat(Requirements.isOnPath("sh")).isTrue();
        assertThat(Requirements.isOnPath("no-such-command-anywhere")).isFalse();
    }
}
