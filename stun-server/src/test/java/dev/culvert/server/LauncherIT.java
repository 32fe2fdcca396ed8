package dev.culvert.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/stun-server} in a folder of its own, where it finds the jar, builds it, or says what is missing. */
@Tag("portable")
class LauncherIT {
    private static final Path BIN =
            ServerProcess.JAR.resolveSibling("../../bin").normalize();
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @TempDir
    Path root;

    private final Map<String, String> environment = new HashMap<>(Map.of("CULVERT_JAVA", JAVA));

    @BeforeEach
    void copyLaunchers() throws IOException {
        Files.createDirectories(root.resolve("bin"));
        for (String name : List.of("stun-server", "launch.sh")) {
            Files.copy(BIN.resolve(name), root.resolve("bin").resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    @AfterEach
    void removeLinks() throws IOException {
        Files.deleteIfExists(root.resolve("lib/lib"));
        Files.deleteIfExists(root.resolve("stun-server/target/lib"));
    }

    @Test
    void aPackagedOneRunsTheJarBesideItThroughALink() throws Exception {
        linkJar(root.resolve("lib"));
        Path link = Files.createSymbolicLink(root.resolve("link"), root.resolve("bin/stun-server"));

        Launched launched = launch(link, "--version");

        assertThat(launched.lines()).singleElement().asString().startsWith("stun-server ");
        assertThat(launched.exitCode()).isZero();
    }

    @Test
    void withoutAJarAndSourcesItSaysWhatIsMissing() throws Exception {
        Launched launched = launch(root.resolve("bin/stun-server"), "--version");

        assertThat(launched.exitCode()).isEqualTo(1);
        assertThat(launched.lines()).singleElement().asString().endsWith("lib/stun-server.jar is missing");
    }

    @Test
    void itBuildsOnceAndAgainWhenASourceIsNewer() throws Exception {
        Path source = sourceTree();

        assertThat(launch(root.resolve("bin/stun-server"), "--version").lines())
                .anyMatch(line -> line.contains("building stun-server"));
        assertThat(launch(root.resolve("bin/stun-server"), "--version").lines())
                .noneMatch(line -> line.contains("building"));
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(launch(root.resolve("bin/stun-server"), "--version").lines())
                .anyMatch(line -> line.contains("building stun-server"));
    }

    @Test
    void aFailedBuildEndsIt() throws Exception {
        sourceTree();
        executable(root.resolve("tools/mvn"), "#!/bin/sh\nexit 1\n");

        Launched launched = launch(root.resolve("bin/stun-server"), "--version");

        assertThat(launched.exitCode()).isEqualTo(1);
        assertThat(launched.lines()).last().asString().endsWith("the build failed");
    }

    @Test
    void aJavaThatIsTooOldIsNamed() throws Exception {
        linkJar(root.resolve("lib"));
        Path old = executable(root.resolve("tools/java"), "#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n");
        environment.put("CULVERT_JAVA", old.toString());

        Launched launched = launch(root.resolve("bin/stun-server"), "--version");

        assertThat(launched.exitCode()).isEqualTo(1);
        assertThat(launched.lines()).singleElement().asString().contains("needs Java 17 or newer");
    }

    @Test
    void theNewestJavaRuns() throws Exception {
        linkJar(root.resolve("lib"));
        environment.remove("CULVERT_JAVA");
        executable(root.resolve("newest/bin/java"), "#!/bin/sh\necho \"newest: $*\"\n");
        Files.writeString(root.resolve("newest/release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"999-ea\"\n");
        environment.put("JAVA_HOME", root.resolve("newest").toString());

        Launched launched = launch(root.resolve("bin/stun-server"), "--threads", "two words");

        assertThat(launched.lines())
                .singleElement()
                .asString()
                .startsWith("newest: ")
                .contains("--enable-native-access=ALL-UNNAMED")
                .endsWith("lib/stun-server.jar --threads two words");
    }

    /** A source tree whose {@code mvn} takes the jar that is built already. */
    private Path sourceTree() throws IOException {
        Files.writeString(root.resolve("pom.xml"), "<project/>");
        Path source = root.resolve("stun-server/src/main/java/Some.java");
        Files.createDirectories(source.getParent());
        Files.writeString(source, "class Some {}");
        Path target = root.resolve("stun-server/target");
        executable(
                root.resolve("tools/mvn"),
                "#!/bin/sh\nmkdir -p '%s' && cp -p '%s' '%s' && ln -sfn '%s' '%s/lib'\n"
                        .formatted(target, ServerProcess.JAR, target, ServerProcess.JAR.resolveSibling("lib"), target));
        environment.put("PATH", root.resolve("tools") + ":" + System.getenv("PATH"));
        return source;
    }

    private static void linkJar(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.copy(ServerProcess.JAR, folder.resolve("stun-server.jar"));
        Files.createSymbolicLink(folder.resolve("lib"), ServerProcess.JAR.resolveSibling("lib"));
    }

    private static Path executable(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Launched launch(Path launcher, String... arguments) throws Exception {
        List<String> command = Stream.concat(Stream.of(launcher.toString()), Stream.of(arguments))
                .toList();
        try (ServerProcess process = ServerProcess.run(environment, command)) {
            return new Launched(process.exitCode(), process.lines());
        }
    }

    private record Launched(int exitCode, List<String> lines) {}
}
