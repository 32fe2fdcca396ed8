package dev.culvert.relay.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The first process of namespaces of its own, started by a script, and commands beside it. */
final class FirstProcess implements AutoCloseable {
    private final Program program;
    private final long pid;

    /** What a command wrote, and how it ended. */
    record Ended(int exitCode, String output) {}

    private FirstProcess(Program program, long pid) {
        this.program = program;
        this.pid = pid;
    }

    /** Runs {@code script}, one of this package's resources; what it writes is kept in {@code folder}. */
    static FirstProcess start(Path folder, List<String> namespaces, String script, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of("unshare"));
        command.addAll(namespaces);
        command.addAll(List.of("--fork", "--kill-child", "sh"));
        command.add(Scripts.copy(script, folder).toString());
        command.addAll(arguments);
        Program program = Program.start(Launcher.HERE, folder, script, command);
        ProcessHandle unshare = ProcessHandle.of(program.pid()).orElseThrow();
        ProcessHandle first = await().until(() -> unshare.children().findFirst(), Optional::isPresent)
                .orElseThrow();
        return new FirstProcess(program, first.pid());
    }

    /** Itself; its end is that of the first process. */
    Program program() {
        return program;
    }

    /** By the numbers of this machine. */
    long pid() {
        return pid;
    }

    /** Runs a command in its namespaces, which {@code how} to enter nsenter(1) knows. */
    Ended run(List<String> how, List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(inside(how, command))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    /** The words that run {@code command} in there. */
    List<String> inside(List<String> how, List<String> command) {
        List<String> words = new ArrayList<>(List.of("nsenter", "--target", Long.toString(pid)));
        words.addAll(how);
        words.addAll(command);
        return words;
    }

    @Override
    public void close() {
        program.close();
    }
}
