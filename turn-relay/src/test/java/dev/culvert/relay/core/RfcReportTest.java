package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.RfcReport;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RfcReportTest {
    private final RfcReport report = RfcReport.of(RfcReportTest.class, "rfc-rules.txt");

    @Test
    void everyRuleOfTheRelayHasATest() {
        report.publish(Path.of("target/rfc-report-relay.txt")).requireTestsForAllRules();
    }

    @Test
    void everyReferenceToTheRelaysRulesIsToARule() {
        // The nonce's rule of §5 is among those of the credentials.
        assertThat(report.unknown().keySet())
                .filteredOn(reference -> reference.startsWith("8656#") && !reference.equals("8656#5"))
                .isEmpty();
    }
}
