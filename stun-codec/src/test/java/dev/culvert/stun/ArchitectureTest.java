package dev.culvert.stun;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.culvert.testkit.SansIoRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = SansIoRules.productionClasses("dev.culvert.stun");

    @Test
    void codecIsSansIo() {
        SansIoRules.sansIo("dev.culvert.stun..").check(CLASSES);
    }

    @Test
    void codecNeedsTheJdkOnly() {
        classes()
                .that()
                .resideInAPackage("dev.culvert.stun..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify.annotations..", "dev.culvert.stun..")
                .check(CLASSES);
    }

    @Test
    void everyAttributeIsARecordInTheAttributePackage() {
        classes()
                .that()
                .implement(Attribute.class)
                .should()
                .beRecords()
                .andShould()
                .resideInAPackage("dev.culvert.stun.attribute")
                .check(CLASSES);
    }
}
