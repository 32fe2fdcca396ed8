package dev.culvert.testkit.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One host or router of a {@link NamespaceLab}. */
public final class LabHost {
    private final NamespaceLab lab;
    private final String name;
    private final List<Process> processes = new ArrayList<>();

    LabHost(NamespaceLab lab, String name) {
        this.lab = lab;
        this.name = name;
    }

    public String name() {
        return name;
    }

    /** Runs a command on this host to its end. */
    public LabCommand run(String... command) {
        return LabCommand.run(line(command), "");
    }

    /** Starts a long-running command on this host; it ends with the laboratory. Its output goes to {@code log}. */
    public Process start(Path log, String... command) {
        try {
            Process process = new ProcessBuilder(line(command))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            processes.add(process);
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives {@code address} (with its prefix length) to {@code networkInterface}. */
    public LabHost address(String networkInterface, String address) {
        run("ip", "addr", "add", address, "dev", networkInterface).check();
        return this;
    }

    /** Sends what has no better route to {@code gateway}. */
    public LabHost defaultRoute(String gateway) {
        run("ip", "route", "add", "default", "via", gateway).check();
        return this;
    }

    public LabHost sysctl(String key, String value) {
        run("sysctl", "-qw", key + "=" + value).check();
        return this;
    }

    /** Loads {@code rules}, a script in the language of nft(8). */
    public LabHost nft(String rules) {
        LabCommand.run(line("nft", "-f", "-"), rules).check();
        return this;
    }

    void stopProcesses() {
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
        for (Process process : processes) {
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private List<String> line(String... command) {
        List<String> line = new ArrayList<>(List.of("ip", "netns", "exec", name));
        line.addAll(List.of(command));
        return lab.inside(line);
    }
}
