package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.Requirements;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** nat-probe where there is less than on the machine that built it. */
class OtherSystemsIT {
    private static final Path JAR = Path.of(System.getProperty(
            "culvert.nat-probe.jar", Path.of("target", "nat-probe.jar").toString()));

    @TempDir
    Path folder;

    /** The names of macOS and Windows would break this machine's Java, which has classes of its own for them. */
    @Test
    void itNeedsNoNativeLibraryOnASystemThatIsNotLinux() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command =
                List.of(java, "-Dos.name=FreeBSD", "-cp", withoutNativeSockets(), "dev.culvert.probe.Main", "bind");

        try (LoopbackServer server = new LoopbackServer()) {
            assertThat(run(command, Map.of(), server.address())).matches("127\\.0\\.0\\.1:[0-9]+\n");
        }
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_22, disabledReason = "the download is made by newer JDKs")
    void theDownloadWithARuntimeNeedsNoJava() throws Exception {
        Path dist = JAR.resolveSibling("dist");
        Requirements.that(Files.isDirectory(dist), "needs the downloads: mvn -Pdist -DskipTests package");
        try (Stream<Path> files = Files.list(dist)) {
            Path download = files.filter(
                            file -> file.getFileName().toString().matches("nat-probe-.*-linux-.*\\.tar\\.gz"))
                    .findFirst()
                    .orElseThrow();
            List<String> unpack = List.of("tar", "-xzf", download.toString(), "-C", folder.toString());
            assertThat(run(unpack, Map.of(), "--strip-components=1")).isEmpty();
        }
        Path path = Files.createDirectory(folder.resolve("path"));
        for (String command : List.of("sh", "sed", "dirname", "readlink")) {
            Files.createSymbolicLink(path.resolve(command), Path.of("/usr/bin", command));
        }
        Map<String, String> environment = Map.of("PATH", path.toString(), "JAVA_HOME", "/nonexistent");

        try (LoopbackServer server = new LoopbackServer()) {
            List<String> probe = List.of(folder.resolve("bin/nat-probe").toString(), "bind");

            assertThat(run(probe, environment, server.address())).matches("127\\.0\\.0\\.1:[0-9]+\n");
        }
    }

    private static String withoutNativeSockets() throws IOException {
        try (Stream<Path> libraries = Files.list(JAR.resolveSibling("lib"))) {
            return Stream.concat(Stream.of(JAR), libraries)
                    .filter(jar -> !jar.getFileName().toString().matches(".*(epoll|unix-common).*"))
                    .map(Path::toString)
                    .collect(Collectors.joining(File.pathSeparator));
        }
    }

    /** What it writes on both outputs, at the end of which it has succeeded. */
    private static String run(List<String> command, Map<String, String> environment, String argument)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(command);
        words.add(argument);
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("CULVERT_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
