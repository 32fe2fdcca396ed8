package dev.culvert.relay.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.core.ConditionTimeoutException;

/** A running program, what it has written, and what it is told on its standard input. */
final class Program implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(40);

    private final String name;
    private final Process process;
    private final Path log;
    private final BufferedWriter input;

    private Program(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.input = process.outputWriter(UTF_8);
    }

    /** Starts it with a log of its own in {@code folder}. */
    static Program start(Launcher launcher, Path folder, String name, List<String> command) throws IOException {
        Path log = Files.createTempFile(folder, name, ".log");
        return new Program(name, launcher.start(log, command.toArray(String[]::new)), log);
    }

    /** Waits for the first line that begins so, and returns what follows. */
    String awaitLine(String beginning) {
        return awaitLines(beginning, 1).get(0);
    }

    /** Waits until {@code count} lines begin so, and returns what follows in each. */
    List<String> awaitLines(String beginning, int count) {
        awaitOutput(() -> lines(beginning).size() >= count, count + " lines \"" + beginning + "\"");
        return lines(beginning);
    }

    /** Waits until {@code text} is somewhere in what it wrote, whatever stands before it in its line. */
    void awaitText(String text) {
        awaitOutput(() -> output().contains(text), "\"" + text + "\"");
    }

    private void awaitOutput(BooleanSupplier condition, String wanted) {
        try {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> condition.getAsBoolean() || !process.isAlive());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("waited " + PATIENCE + " for " + wanted + " from " + this, e);
        }
        if (!condition.getAsBoolean()) {
            throw new AssertionError(wanted + " did not come from " + this);
        }
    }

    /** What follows in each whole line that begins so, until now. */
    List<String> lines(String beginning) {
        String output = output();
        return output.substring(0, output.lastIndexOf('\n') + 1)
                .lines()
                .filter(line -> line.startsWith(beginning))
                .map(line -> line.substring(beginning.length()).strip())
                .toList();
    }

    /** Writes a line to its standard input. */
    void tell(String line) throws IOException {
        input.write(line);
        input.newLine();
        input.flush();
    }

    long pid() {
        return process.pid();
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /** What {@code kill -9} does to it. */
    void kill() throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
    }

    /** Its exit code; an error that shows what it said if it does not end in time. */
    int exitCode(Duration patience) throws InterruptedException {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still running after " + patience + ": " + this);
        }
        return process.exitValue();
    }

    String output() {
        try {
            return Files.readString(log, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its name and everything that it said, for messages. */
    @Override
    public String toString() {
        String state = process.isAlive() ? "running" : "ended with " + process.exitValue();
        return name + " (" + state + "), which said:\n" + output();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
