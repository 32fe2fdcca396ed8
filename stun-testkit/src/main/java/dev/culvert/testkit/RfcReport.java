package dev.culvert.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which rules have a test, which have none, and which references are to no rule.
 *
 * <p>A module runs it as a test of its own:
 *
 * <pre>{@code
 * @Test
 * void everyReferenceIsToARule() {
 *     RfcReport.of(RfcReportTest.class, "rfc-rules.txt")
 *             .publish(Path.of("target/rfc-report.txt"))
 *             .requireKnownReferences();
 * }
 * }</pre>
 */
public final class RfcReport {
    private static final String CLASS_SUFFIX = ".class";

    private final List<RfcRule> rules;
    private final Map<String, SortedSet<String>> testsByReference;

    private RfcReport(List<RfcRule> rules, Map<String, SortedSet<String>> testsByReference) {
        this.rules = List.copyOf(rules);
        this.testsByReference = testsByReference;
    }

    /** Holds the rules of a resource beside {@code testClass} against all tests compiled into the same folder. */
    public static RfcReport of(Class<?> testClass, String rulesResource) {
        try {
            Path folder = Path.of(testClass
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return of(RfcRule.read(testClass, rulesResource), folder, testClass.getClassLoader());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("not in a folder: " + testClass.getName(), e);
        }
    }

    /**
     * Holds {@code rules} against all classes in {@code classFolder}, loaded without being initialised.
     *
     * <p>Classes compiled for a newer JVM are passed over: their tests do not run here either.
     */
    public static RfcReport of(List<RfcRule> rules, Path classFolder, ClassLoader loader) {
        try (Stream<Path> files = Files.walk(classFolder)) {
            List<Class<?>> classes = files.map(classFolder::relativize)
                    .filter(RfcReport::isClass)
                    .flatMap(file -> load(file, loader).stream())
                    .toList();
            return of(rules, classes);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + classFolder, e);
        }
    }

    /** Holds {@code rules} against the {@link Rfc} annotations of these classes and their methods. */
    public static RfcReport of(List<RfcRule> rules, Collection<Class<?>> testClasses) {
        Map<String, SortedSet<String>> tests = new TreeMap<>();
        for (Class<?> testClass : testClasses) {
            collect(testClass, testClass.getSimpleName(), tests);
            for (Method method : testClass.getDeclaredMethods()) {
                collect(method, testClass.getSimpleName() + "." + method.getName(), tests);
            }
        }
        return new RfcReport(rules, tests);
    }

    /** The rules that have tests, in their order, with the names of these. */
    public Map<RfcRule, List<String>> covered() {
        Map<RfcRule, List<String>> covered = new LinkedHashMap<>();
        for (RfcRule rule : rules) {
            SortedSet<String> tests = testsByReference.get(rule.reference());
            if (tests != null) {
                covered.put(rule, List.copyOf(tests));
            }
        }
        return covered;
    }

    /** The rules without a test, in their order. */
    public List<RfcRule> uncovered() {
        return rules.stream()
                .filter(rule -> !testsByReference.containsKey(rule.reference()))
                .toList();
    }

    /** References to no rule, such as mistyped ones, with the tests that make them. */
    public Map<String, List<String>> unknown() {
        SortedSet<String> known = rules.stream().map(RfcRule::reference).collect(Collectors.toCollection(TreeSet::new));
        Map<String, List<String>> unknown = new LinkedHashMap<>();
        testsByReference.forEach((reference, tests) -> {
            if (!known.contains(reference)) {
                unknown.put(reference, List.copyOf(tests));
            }
        });
        return unknown;
    }

    /** Writes the report to {@code file} and its summary with the rules that lack a test to standard output. */
    public RfcReport publish(Path file) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.writeString(file, toString());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        System.out.println(summary());
        return this;
    }

    /** Fails with an {@link AssertionError} that names the references to no rule. */
    public RfcReport requireKnownReferences() {
        if (!unknown().isEmpty()) {
            throw new AssertionError("references to no rule: " + unknown());
        }
        return this;
    }

    /** Fails with an {@link AssertionError} that names the rules without a test. */
    public RfcReport requireTestsForAllRules() {
        if (!uncovered().isEmpty()) {
            throw new AssertionError("rules without a test: " + uncovered());
        }
        return this;
    }

    /** All rules, each with its tests. */
    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        lines.add(summary());
        covered().forEach((rule, tests) -> {
            lines.add("tested  " + line(rule));
            tests.forEach(test -> lines.add("          " + test));
        });
        unknown().forEach((reference, tests) -> lines.add("unknown " + reference + " in " + String.join(", ", tests)));
        return String.join("\n", lines) + "\n";
    }

    private String summary() {
        String count = "RFC rules: " + covered().size() + " of " + rules.size() + " have a test";
        return Stream.concat(Stream.of(count), uncovered().stream().map(rule -> "no test " + line(rule)))
                .collect(Collectors.joining("\n"));
    }

    private static String line(RfcRule rule) {
        return rule.reference() + ": " + rule.text();
    }

    private static void collect(AnnotatedElement element, String test, Map<String, SortedSet<String>> tests) {
        Rfc rfc = element.getDeclaredAnnotation(Rfc.class);
        if (rfc == null) {
            return;
        }
        for (String reference : rfc.value()) {
            tests.computeIfAbsent(reference, unused -> new TreeSet<>()).add(test);
        }
    }

    private static boolean isClass(Path file) {
        String path = file.toString();
        return path.endsWith(CLASS_SUFFIX) && !path.startsWith("META-INF") && !path.equals("module-info.class");
    }

    private static Optional<Class<?>> load(Path classFile, ClassLoader loader) {
        String path = classFile.toString();
        String name = path.substring(0, path.length() - CLASS_SUFFIX.length())
                .replace(classFile.getFileSystem().getSeparator(), ".");
        try {
            return Optional.of(Class.forName(name, false, loader));
        } catch (UnsupportedClassVersionError e) {
            return Optional.empty();
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("cannot load " + name, e);
        }
    }
}
