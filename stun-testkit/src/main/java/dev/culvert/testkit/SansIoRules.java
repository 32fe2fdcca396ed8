package dev.culvert.testkit;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;

/**
 * Architecture rules of code that gets bytes and time as arguments. They need ArchUnit on the test's class path.
 *
 * <pre>{@code
 * private static final JavaClasses CLASSES = SansIoRules.productionClasses("dev.culvert.ice");
 *
 * @Test
 * void coreIsSansIo() {
 *     SansIoRules.sansIo("dev.culvert.ice..").except("dev.culvert.ice.vertx..").check(CLASSES);
 * }
 *
 * @Test
 * void packagesHaveNoCycles() {
 *     SansIoRules.noPackageCycles().check(CLASSES);
 * }
 * }</pre>
 */
public final class SansIoRules {
    private SansIoRules() {}

    /** The classes of these packages and those below, without tests. */
    public static JavaClasses productionClasses(String... packages) {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(packages);
    }

    /**
     * Classes in {@code packages} (ArchUnit's patterns, {@code dev.culvert.stun..}) do without sockets, name look-ups,
     * Netty, Vert.x, logging, threads, executors, locks, clocks and randomness that was not handed in.
     *
     * <p>Of {@code java.net} addresses are allowed as values, of {@code java.util.concurrent} maps and atomics.
     */
    public static SansIo sansIo(String... packages) {
        return new SansIo(packages, new String[0]);
    }

    /** No two packages need each other, directly or by way of others. */
    public static ArchRule noPackageCycles() {
        return slices().assignedFrom(new EachPackage())
                .should()
                .beFreeOfCycles()
                .as("packages have no cycles");
    }

    /** Nothing needs the native sockets of one system, of Netty or by {@code java.lang.foreign}, or inner parts of a JDK. */
    public static ArchRule noNativeSockets() {
        return noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.netty.channel.epoll..",
                        "io.netty.channel.kqueue..",
                        "io.netty.channel.uring..",
                        "io.netty.channel.unix..",
                        "java.lang.foreign..",
                        "sun..")
                .as("no native sockets of one system");
    }

    /** The rule of {@link #sansIo}, ready to be checked. */
    public static final class SansIo {
        private final String[] packages;
        private final String[] exceptions;

        private SansIo(String[] packages, String[] exceptions) {
            this.packages = packages;
            this.exceptions = exceptions;
        }

        /** The same rule, but for these packages: the shell. */
        public SansIo except(String... newExceptions) {
            return new SansIo(packages, newExceptions);
        }

        /** Fails with an {@link AssertionError} that lists every offence; so it does if the packages are empty. */
        public void check(JavaClasses javaClasses) {
            rule().check(javaClasses);
        }

        ArchRule rule() {
            DescribedPredicate<JavaClass> core = resideInAnyPackage(packages);
            DescribedPredicate<JavaClass> scope =
                    exceptions.length == 0 ? core : core.and(resideOutsideOfPackages(exceptions));
            return classes().that(scope).should(new SansIoCondition());
        }
    }

    private static final class EachPackage implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
            return SliceIdentifier.of(javaClass.getPackageName());
        }

        @Override
        public String getDescription() {
            return "each package";
        }
    }
}
