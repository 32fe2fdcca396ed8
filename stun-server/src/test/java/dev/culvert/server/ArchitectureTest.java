package dev.culvert.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.culvert.testkit.SansIoRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = SansIoRules.productionClasses("dev.culvert.server");

    @Test
    void coreIsSansIo() {
        SansIoRules.sansIo("dev.culvert.server.core..").check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        SansIoRules.noPackageCycles().check(CLASSES);
    }

    @Test
    void internalsOfVertxAreTouchedInOneClass() {
        noClasses()
                .that()
                .doNotHaveSimpleName("EventLoops")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx.core.internal..", "io.vertx.core.impl..")
                .check(CLASSES);
    }
}
