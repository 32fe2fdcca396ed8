package dev.culvert.testkit.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A command that has ended.
 *
 * @param command its words
 * @param exit its exit code
 * @param out what it wrote on standard output
 * @param err what it wrote on standard error
 */
public record LabCommand(List<String> command, int exit, String out, String err) {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Runs {@code command} to its end with {@code input} on standard input; at most a minute. */
    static LabCommand run(List<String> command, String input) {
        try {
            // Files and not pipes: a pipe that nobody reads in time stops the command.
            Path out = Files.createTempFile("lab", ".out");
            Path err = Files.createTempFile("lab", ".err");
            try {
                return run(command, input, out, err);
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + command, e);
        }
    }

    private static LabCommand run(List<String> command, String input, Path out, Path err)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try (var stdin = process.outputWriter(StandardCharsets.UTF_8)) {
            stdin.write(input);
        }
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new IllegalStateException("still running after " + LIMIT.toSeconds() + " s: " + command + "\n"
                    + Files.readString(out) + Files.readString(err));
        }
        return new LabCommand(command, process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** This, if the command succeeded; otherwise an exception that shows what it said. */
    public LabCommand check() {
        if (exit != 0) {
            throw new IllegalStateException("exit " + exit + " from " + command + "\n" + out + err);
        }
        return this;
    }
}
