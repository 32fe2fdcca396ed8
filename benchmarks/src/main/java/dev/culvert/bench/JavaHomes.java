package dev.culvert.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where versions of Java are installed. */
final class JavaHomes {
    private static final List<Path> PARENTS = List.of(
            Path.of("/usr/lib/jvm"),
            Path.of("/usr/lib64/jvm"),
            Path.of("/usr/java"),
            Path.of("/opt/java"),
            Path.of("/opt"),
            Path.of(System.getProperty("user.home"), ".sdkman/candidates/java"),
            Path.of(System.getProperty("user.home"), ".jdks"));

    private JavaHomes() {}

    /** The java command of a Java with this major version. */
    static Optional<Path> command(int major) {
        return PARENTS.stream()
                .flatMap(JavaHomes::children)
                .filter(home -> isVersion(home, major))
                .map(home -> home.resolve("bin/java"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Stream<Path> children(Path parent) {
        try (Stream<Path> children = Files.list(parent)) {
            return children.sorted().toList().stream();
        } catch (IOException missing) {
            return Stream.empty();
        }
    }

    private static boolean isVersion(Path home, int major) {
        try {
            return Files.readAllLines(home.resolve("release")).stream()
                    .anyMatch(line -> line.matches("JAVA_VERSION=\"" + major + "(\\D.*)?"));
        } catch (IOException noJava) {
            return false;
        }
    }
}
