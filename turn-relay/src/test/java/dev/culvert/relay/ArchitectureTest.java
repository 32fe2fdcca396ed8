package dev.culvert.relay;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.culvert.testkit.SansIoRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = SansIoRules.productionClasses("dev.culvert.relay");

    @Test
    void coreIsSansIo() {
        SansIoRules.sansIo("dev.culvert.relay.core..", "dev.culvert.relay.auth..", "dev.culvert.relay.policy..")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        SansIoRules.noPackageCycles().check(CLASSES);
    }
}
