package dev.culvert.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RfcReportTest {
    private static final RfcRule TESTED = RfcRule.parse("9999#6.3.1 = tested by a method");
    private static final RfcRule TESTED_BY_CLASS = RfcRule.parse("9999#B.1 (2) = tested by a class");
    private static final RfcRule FORGOTTEN = RfcRule.parse("9999#7 = tested by nobody");

    private final RfcReport report =
            RfcReport.of(List.of(FORGOTTEN, TESTED, TESTED_BY_CLASS), List.of(Sample.class, Typo.class));

    @Test
    void everyRuleOfThisModuleHasATest() {
        RfcReport.of(RfcReportTest.class, "rfc-rules.txt")
                .publish(Path.of("target/rfc-report.txt"))
                .requireTestsForAllRules();
    }

    @Test
    void rulesAreTiedToTheirTests() {
        assertThat(report.covered())
                .containsEntry(TESTED, List.of("Sample.first", "Sample.second"))
                .containsEntry(TESTED_BY_CLASS, List.of("Sample"))
                .hasSize(2);
    }

    @Test
    void ruleWithoutATestIsFound() {
        assertThat(report.uncovered()).containsExactly(FORGOTTEN);
        assertThat(report.toString()).contains("2 of 3", "no test 9999#7: tested by nobody");
        assertThatThrownBy(report::requireTestsForAllRules)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("9999#7");
    }

    @Test
    void mistypedReferenceIsFound() {
        assertThat(report.unknown()).containsOnlyKeys("9999#6.3.11");
        assertThatThrownBy(report::requireKnownReferences)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("9999#6.3.11")
                .hasMessageContaining("Typo.mistyped");
        assertThatCode(() -> RfcReport.of(List.of(TESTED, TESTED_BY_CLASS), List.of(Sample.class))
                        .requireKnownReferences())
                .doesNotThrowAnyException();
    }

    @Test
    void reportIsWrittenToAFile(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("new").resolve("report.txt");

        RfcReport published = RfcReport.of(List.of(TESTED, TESTED_BY_CLASS), List.of(Sample.class, Typo.class))
                .publish(file);

        assertThat(Files.readString(file))
                .isEqualTo(published.toString())
                .contains("unknown 9999#6.3.11 in Typo.mistyped");
    }

    @Test
    void malformedRulesAreRefused() {
        assertThatThrownBy(() -> RfcRule.parse("8489 6.3 = text")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RfcRule.parse("8489#6.3 =")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RfcRule.read(RfcReportTest.class, "no-such-rules.txt"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Rfc("9999#B.1 (2)")
    @SuppressWarnings("UnusedMethod") // read by the report
    private static final class Sample {
        @Rfc("9999#6.3.1")
        void first() {}

        @Rfc("9999#6.3.1")
        void second() {}
    }

    @SuppressWarnings("UnusedMethod") // read by the report
    private static final class Typo {
        @Rfc("9999#6.3.11")
        void mistyped() {}
    }
}
