package dev.culvert.probe;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import dev.culvert.testkit.SansIoRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = SansIoRules.productionClasses("dev.culvert.probe");

    @Test
    void aClientKnowsNoServer() {
        ArchRuleDefinition.noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.culvert.server..", "dev.culvert.relay..")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        SansIoRules.noPackageCycles().check(CLASSES);
    }

    @Test
    void nothingNeedsTheNativeSocketsOfOneSystem() {
        SansIoRules.noNativeSockets().check(CLASSES);
    }
}
