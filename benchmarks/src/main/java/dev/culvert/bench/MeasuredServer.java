package dev.culvert.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server as a process of its own, pinned to one core; what it takes is read from the kernel (proc(5)). */
final class MeasuredServer implements AutoCloseable {
    private static final long BYTES_PER_KILOBYTE = 1024;

    private final Process process;
    private final Path log;

    private MeasuredServer(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts {@code command} on {@code core}, with {@code environment} added to that of this process. */
    static MeasuredServer start(List<String> command, Map<String, String> environment, int core, Path directory)
            throws IOException {
        List<String> pinned = new ArrayList<>(List.of("taskset", "-c", Integer.toString(core)));
        pinned.addAll(command);
        Path log = Files.createTempFile(directory, "server-", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(pinned).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return new MeasuredServer(process, log);
    }

    /** The CPU time of each of its threads. */
    record CpuTimes(Map<String, Long> nanosByThread) {
        /** What was spent since {@code earlier}; a thread that has ended meanwhile is not in it. */
        double secondsSince(CpuTimes earlier) {
            long nanos = 0;
            for (Map.Entry<String, Long> thread : nanosByThread.entrySet()) {
                nanos += thread.getValue() - earlier.nanosByThread.getOrDefault(thread.getKey(), 0L);
            }
            return nanos / 1e9;
        }
    }

    /** User and system time so far, to the nanosecond: {@code stat} has them in ticks of 10 ms. */
    CpuTimes cpuTimes() throws IOException {
        Map<String, Long> nanos = new HashMap<>();
        try (Stream<Path> threads = Files.list(proc("task"))) {
            for (Path thread : threads.toList()) {
                Path schedstat = thread.resolve("schedstat");
                if (Files.exists(schedstat)) {
                    String[] fields = Files.readString(schedstat).split(" ");
                    nanos.put(thread.getFileName().toString(), Long.parseLong(fields[0]));
                }
            }
        }
        return new CpuTimes(nanos);
    }

    /** Physical memory that it has. */
    long residentBytes() throws IOException {
        return Files.readAllLines(proc("status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * BYTES_PER_KILOBYTE)
                .findFirst()
                .orElse(0);
    }

    /** How many sockets it has open. */
    long sockets() throws IOException {
        long count = 0;
        try (Stream<Path> descriptors = Files.list(proc("fd"))) {
            for (Path descriptor : descriptors.toList()) {
                if (isSocket(descriptor)) {
                    count++;
                }
            }
        }
        return count;
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    private Path proc(String file) {
        return Path.of("/proc/" + process.pid() + "/" + file);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What it printed. */
    String printed() throws IOException {
        return Files.readString(log);
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
