package dev.culvert.ice;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.culvert.testkit.SansIoRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = SansIoRules.productionClasses("dev.culvert.ice");

    @Test
    void coreIsSansIo() {
        SansIoRules.sansIo("dev.culvert.ice..")
                .except("dev.culvert.ice.vertx..")
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
