package dev.culvert.relay.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.RfcReport;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RfcReportTest {
    private final RfcReport report = RfcReport.of(RfcReportTest.class, "rfc-rules.txt");

    @Test
    void everyRuleOfTheCredentialsHasATest() {
        report.publish(Path.of("target/rfc-report-auth.txt")).requireTestsForAllRules();
    }

    @Test
    void everyReferenceToTheLongTermMechanismIsToARule() {
        assertThat(report.unknown().keySet()).noneMatch(reference -> reference.startsWith("8489#9.2"));
    }
}
