package dev.culvert.ice;

import dev.culvert.testkit.RfcReport;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Every rule that this module undertakes to keep has a test, and every reference of a test is to one of them. */
class RfcRulesTest {
    @Test
    void everyRuleHasATest() {
        RfcReport.of(RfcRulesTest.class, "rfc-rules.txt")
                .publish(Path.of("target/rfc-report.txt"))
                .requireKnownReferences()
                .requireTestsForAllRules();
    }
}
