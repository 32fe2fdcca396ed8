package dev.culvert.testkit.docs;

import dev.culvert.testkit.lab.LabHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A shell on a host of a laboratory, into which the commands of a page are typed one after the other. Variables, the current
 * folder and {@code $?} are kept from each to the next.
 *
 * <p>A command that shows nothing must succeed. One that shows something must print that. One whose shown lines end with
 * {@code ready} goes on running, until the next such command or the end of the laboratory.
 */
public final class DocSession {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Process shell;
    private final Path outputs;
    private List<ProcessHandle> server = List.of();
    private int commands;

    private DocSession(Process shell, Path outputs) {
        this.shell = shell;
        this.outputs = outputs;
    }

    /**
     * A shell on {@code host}.
     *
     * @param folder in which it starts, and which it has for its home
     * @param outputs an empty folder for what the commands print
     */
    public static DocSession start(LabHost host, Path folder, Path outputs) {
        Path log = outputs.resolve("shell.log");
        DocSession session = new DocSession(host.start(log, "bash", "--noprofile", "--norc"), outputs);
        session.type(
                "cd '" + folder + "'; export HOME='" + folder + "' PATH='" + folder + "/bin':\"$PATH\" LC_ALL=C.UTF-8\n"
                        + "unset ${!CULVERT_*} JAVA_TOOL_OPTIONS; echo silent > .curlrc\n");
        return session;
    }

    /** Runs commands that a page does not show; they must succeed. */
    public void prepare(String place, String commands) {
        run(new ConsoleStep(place, "set -ex\n" + commands + "set +ex", ""));
    }

    /** Runs a command of a page, and compares what it prints; fails with both where they differ. */
    public void run(ConsoleStep step) {
        Path out = outputs.resolve(++commands + ".out");
        Path done = outputs.resolve(commands + ".done");
        if (step.isServer()) {
            startServer(step, out);
            return;
        }
        type("{ " + step.command() + "\n} > '" + out + "' 2>&1 < /dev/null; status=$?; echo $status > '" + done
                + "'; (exit $status)\n");
        boolean ended = await(() -> read(done).endsWith("\n"));
        String output = read(out);
        if (!ended) {
            throw failure(step, output, "did not end");
        }
        if (step.shown().isEmpty() && !read(done).equals("0\n")) {
            throw failure(step, output, "ended with " + read(done).strip());
        }
        if (!step.shown().isEmpty() && !new ShownText(step.shown()).matches(output)) {
            throw failure(step, output, "printed something else");
        }
    }

    private void startServer(ConsoleStep step, Path out) {
        server.forEach(ProcessHandle::destroyForcibly);
        server.forEach(process -> process.onExit().join());
        List<ProcessHandle> others = shell.descendants().toList();
        type("{ " + step.command() + "\n} > '" + out + "' 2>&1 < /dev/null &\n");
        ShownText shown = new ShownText(step.shown());
        if (!await(() -> shown.beginsLike(read(out)))) {
            throw failure(step, read(out), "printed something else");
        }
        server =
                shell.descendants().filter(process -> !others.contains(process)).toList();
    }

    private boolean await(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            try {
                if (System.nanoTime() - start > PATIENCE.toNanos() || shell.waitFor(20, TimeUnit.MILLISECONDS)) {
                    return condition.getAsBoolean();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    private void type(String text) {
        try {
            shell.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            shell.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the shell has ended: " + read(outputs.resolve("shell.log")), e);
        }
    }

    private AssertionError failure(ConsoleStep step, String output, String what) {
        return new AssertionError(step.place() + " " + what + "\n--- shown:\n" + step.shown() + "\n--- printed:\n"
                + output + "\n--- the shell says:\n" + read(outputs.resolve("shell.log")));
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
