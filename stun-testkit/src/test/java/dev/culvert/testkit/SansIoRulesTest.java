package dev.culvert.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.EvaluationResult;
import dev.culvert.testkit.sample.core.Offender;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SansIoRulesTest {
    private static final String SAMPLE = "dev.culvert.testkit.sample";
    private static final JavaClasses SAMPLES = new ClassFileImporter().importPackages(SAMPLE);
    private static final EvaluationResult OFFENCES =
            SansIoRules.sansIo(SAMPLE + "..").rule().evaluate(SAMPLES);

    static Stream<String> offences() {
        return Arrays.stream(Offender.class.getDeclaredMethods())
                .filter(method -> !method.isSynthetic())
                .map(Method::getName);
    }

    @ParameterizedTest
    @MethodSource("offences")
    void offenceIsFound(String method) {
        String details = String.join("\n", OFFENCES.getFailureReport().getDetails());

        assertThat(details).contains(Offender.class.getName() + "." + method + "(");
    }

    @Test
    void valuesAndWhatIsHandedInAreNoOffence() {
        assertThatCode(() -> SansIoRules.sansIo(SAMPLE + ".pure..").check(SAMPLES))
                .doesNotThrowAnyException();
    }

    @Test
    void exceptedPackagesAreFree() {
        assertThatCode(() -> SansIoRules.sansIo(SAMPLE + "..")
                        .except(SAMPLE + ".core..")
                        .check(SAMPLES))
                .doesNotThrowAnyException();
    }

    @Test
    void ruleAboutNoClassesFails() {
        assertThatThrownBy(() -> SansIoRules.sansIo("no.such..").check(SAMPLES)).isInstanceOf(AssertionError.class);
    }

    @Test
    void cycleOfPackagesIsFound() {
        assertThatThrownBy(() -> SansIoRules.noPackageCycles().check(SAMPLES))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(SAMPLE + ".left")
                .hasMessageContaining(SAMPLE + ".right");
    }

    @Test
    void thisModuleHasNoCycles() {
        JavaClasses own = SansIoRules.productionClasses("dev.culvert.testkit");

        assertThat(own.contain(SansIoRules.class)).isTrue();
        assertThat(own.contain(Offender.class)).isFalse();
        SansIoRules.noPackageCycles().check(own);
    }

    @Test
    void simulationIsSansIoButForParsingLiterals() {
        JavaClasses own = SansIoRules.productionClasses("dev.culvert.testkit");

        EvaluationResult result = SansIoRules.sansIo("dev.culvert.testkit.net..", "dev.culvert.testkit.nat..")
                .rule()
                .evaluate(own);

        assertThat(result.getFailureReport().getDetails())
                .allMatch(offence -> offence.contains("Addresses.address(") && offence.contains("getByName"));
    }
}
