package dev.culvert.server;

import static org.awaitility.Awaitility.await;

import dev.culvert.stun.TransportAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The packaged server as a process of its own, and what it wrote. */
final class ServerProcess implements AutoCloseable {
    static final Path JAR = Path.of(Objects.requireNonNull(
            System.getProperty("culvert.stun-server.jar"), "culvert.stun-server.jar: run by mvn verify"));
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Thread reader = new Thread(this::read, "server-output");

    private ServerProcess(Process process) {
        this.process = process;
        reader.setDaemon(true);
        reader.start();
    }

    static ServerProcess start(Map<String, String> environment, String... arguments) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(java, "-Xmx64m", "-XX:+UseSerialGC"));
        if (Runtime.version().feature() >= 24) {
            // As bin/launch.sh does: these Javas warn on standard error otherwise.
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        command.addAll(List.of("-jar", JAR.toString()));
        command.addAll(Arrays.asList(arguments));
        return run(environment, command);
    }

    /** On ports that the system picks. */
    static ServerProcess onFreePorts(Map<String, String> environment, String... more) throws IOException {
        Stream<String> ports = Stream.of("--listen", "udp:127.0.0.1:0", "--admin", "127.0.0.1:0");
        return start(environment, Stream.concat(ports, Stream.of(more)).toArray(String[]::new));
    }

    static ServerProcess run(Map<String, String> environment, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("CULVERT_") || name.equals("NOTIFY_SOCKET"));
        builder.environment().putAll(environment);
        return new ServerProcess(builder.start());
    }

    private void read() {
        try (BufferedReader output = process.inputReader()) {
            output.lines().forEach(lines::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ServerProcess awaitLine(String wanted) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).until(() -> has(wanted) || hasEnded());
        if (!has(wanted)) {
            throw new AssertionError("ended without \"" + wanted + "\": " + lines);
        }
        return this;
    }

    private boolean hasEnded() {
        return !process.isAlive() && !reader.isAlive();
    }

    private boolean has(String wanted) {
        return lines.stream().anyMatch(line -> line.contains(wanted));
    }

    /** Where it said that it listens. */
    TransportAddress listening(String transport) {
        String prefix = "listening " + transport + " ";
        String address = lines.stream()
                .filter(line -> line.startsWith(prefix))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + prefix + "in " + lines))
                .substring(prefix.length());
        return TransportAddress.parse(address).orElseThrow();
    }

    /** Where it said that its admin pages are, without a slash at the end. */
    String adminUrl() {
        return lines.stream()
                .filter(line -> line.startsWith("admin "))
                .findFirst()
                .orElseThrow()
                .substring("admin ".length())
                .replaceFirst("/$", "");
    }

    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("still running: " + lines);
        }
        reader.join(PATIENCE.toMillis());
        return process.exitValue();
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
