package dev.culvert.probe;

import dev.culvert.testkit.lab.LabHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** A {@link HolePuncher} on a host of the laboratory. */
final class Puppet {

    private final String address;
    private final Path log;
    private final Writer commands;
    private int linesRead;
    private int mappedPort;

    /**
     * @param address of the router that it is behind
     * @param log what it says
     */
    Puppet(LabHost host, String address, Path log) {
        this.address = address;
        this.log = log;
        Process process = host.start(
                log,
                Programs.JAVA,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes(),
                HolePuncher.class.getName(),
                "203.0.113.1",
                "3478");
        commands = process.outputWriter(StandardCharsets.US_ASCII);
    }

    private static String classes() {
        try {
            return Path.of(HolePuncher.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    void open() {
        write("open");
    }

    void awaitOpen() {
        mappedPort = Integer.parseInt(read().replace("mapped ", ""));
    }

    /** Begins to reach {@code peer}. */
    void reach(Puppet peer, boolean sends, int guesses) {
        write("try " + (sends ? "send " : "wait ") + peer.address + " " + peer.mappedPort + " " + guesses);
    }

    boolean heard() {
        return read().equals("heard");
    }

    private void write(String line) {
        try {
            commands.write(line + "\n");
            commands.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String read() {
        Awaitility.await("a line in " + log)
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> lines().size() > linesRead);
        return lines().get(linesRead++);
    }

    private List<String> lines() {
        try {
            String text = Files.readString(log);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
