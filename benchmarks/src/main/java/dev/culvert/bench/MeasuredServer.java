package dev.culvert.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server as a process of its own, pinned to one core, whose CPU time is read from the kernel. */
final class MeasuredServer implements AutoCloseable {
    private static final long TICKS_PER_SECOND = 100;

    private final Process process;

    private MeasuredServer(Process process) {
        this.process = process;
    }

    /** Starts {@code command} on {@code core}; what it prints goes to {@code log}. */
    static MeasuredServer start(List<String> command, int core, Path log) throws IOException {
        List<String> pinned = new ArrayList<>(List.of("taskset", "-c", Integer.toString(core)));
        pinned.addAll(command);
        return new MeasuredServer(new ProcessBuilder(pinned)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start());
    }

    /** User and system time of all its threads so far (proc(5), fields 14 and 15 of stat). */
    Duration cpuTime() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        // The name in field 2 may hold spaces; the fields behind its bracket do not.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        return Duration.ofMillis(ticks * 1000 / TICKS_PER_SECOND);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
