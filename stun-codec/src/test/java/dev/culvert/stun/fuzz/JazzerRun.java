package dev.culvert.stun.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every fuzz target under Jazzer, each for {@code fuzz.seconds}. Not part of the ordinary test run:
 *
 * <pre>{@code mvn -pl stun-codec -am -Pfuzz verify -Dfuzz.seconds=60}</pre>
 *
 * <p>What breaks a parser is left in {@code target/fuzz}, beside the corpus that was found.
 */
class JazzerRun {
    static List<FuzzTarget> targets() {
        return FuzzTarget.all();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void jazzerFindsNothing(FuzzTarget target) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(Path.of("target", "fuzz", target.toString()));
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        for (int i = 0; i < target.seeds().size(); i++) {
            Files.write(corpus.resolve("seed" + i), target.seeds().get(i));
        }

        Process jazzer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + target.type().getName(),
                        "--instrumentation_includes=dev.culvert.stun.**",
                        "--reproducer_path=" + folder,
                        "-artifact_prefix=" + folder + "/",
                        "-max_total_time=" + Integer.getInteger("fuzz.seconds", 60),
                        corpus.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();

        try {
            assertThat(jazzer.waitFor()).as("see %s", folder.resolve("log")).isZero();
        } finally {
            jazzer.destroyForcibly();
        }
    }
}
