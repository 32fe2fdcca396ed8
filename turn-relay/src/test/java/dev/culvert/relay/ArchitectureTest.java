package dev.culvert.relay;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import dev.culvert.relay.core.Ledger;
import dev.culvert.testkit.SansIoRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = SansIoRules.productionClasses("dev.culvert.relay");

    @Test
    void coreIsSansIo() {
        SansIoRules.sansIo("dev.culvert.relay.core..", "dev.culvert.relay.auth..", "dev.culvert.relay.policy..")
                .check(CLASSES.that(not(type(Ledger.class))));
    }

    /** The one thing that event loops share: off the data path, and under a lock. */
    @Test
    void theLedgerKnowsNoSocket() {
        ArchRuleDefinition.theClass(Ledger.class)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java.lang..", "java.util..", "dev.culvert..", "org.jspecify..")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        SansIoRules.noPackageCycles().check(CLASSES);
    }
}
