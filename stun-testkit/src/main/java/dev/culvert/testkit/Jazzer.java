package dev.culvert.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs a fuzz target under Jazzer, which must be on the class path, in a process of its own. */
public final class Jazzer {
    private Jazzer() {}

    /**
     * Throws bytes at {@code target} for {@code fuzz.seconds} (a system property, 60 by default). What breaks it is left in
     * {@code target/fuzz}, beside the corpus that was found.
     *
     * @param target a class with a static {@code fuzzerTestOneInput(byte[])}
     * @param seeds well-formed inputs to begin with
     * @param instrumented the classes whose branches guide the search, such as {@code dev.culvert.stun.**}
     * @throws AssertionError if an input breaks the target
     */
    public static void run(Class<?> target, List<byte[]> seeds, String instrumented)
            throws IOException, InterruptedException {
        Path folder = Files.createDirectories(Path.of("target", "fuzz", target.getSimpleName()));
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        for (int i = 0; i < seeds.size(); i++) {
            Files.write(corpus.resolve("seed" + i), seeds.get(i));
        }
        Path log = folder.resolve("log");
        Process jazzer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + target.getName(),
                        "--instrumentation_includes=" + instrumented,
                        "--reproducer_path=" + folder,
                        "-artifact_prefix=" + folder + "/",
                        "-max_total_time=" + Integer.getInteger("fuzz.seconds", 60),
                        corpus.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (jazzer.waitFor() != 0) {
                throw new AssertionError("an input breaks " + target.getName() + ": see " + log);
            }
        } finally {
            jazzer.destroyForcibly();
        }
    }
}
