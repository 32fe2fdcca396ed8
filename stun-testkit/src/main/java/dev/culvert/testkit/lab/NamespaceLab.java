package dev.culvert.testkit.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A set of network namespaces that see each other and nothing else.
 *
 * <p>It lives in a network and mount namespace of its own, held by one process that ends when this JVM does, so that a
 * killed test leaves nothing behind.
 */
public final class NamespaceLab implements AutoCloseable {
    private static final String HOLDER =
            "mkdir -p /run/netns && mount -t tmpfs lab /run/netns && echo ready && exec cat";

    private final Process holder;
    private final List<LabHost> hosts = new ArrayList<>();

    private NamespaceLab(Process holder) {
        this.holder = holder;
    }

    /** An empty laboratory. Fails with what the system said where this machine does not permit one. */
    public static NamespaceLab open() {
        try {
            Process holder = new ProcessBuilder("unshare", "-n", "-m", "sh", "-c", HOLDER)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader output = holder.inputReader(StandardCharsets.UTF_8);
            if (!"ready".equals(output.readLine())) {
                throw new IllegalStateException("no network namespaces here: the lines before this one say why");
            }
            return new NamespaceLab(holder);
        } catch (IOException e) {
            throw new UncheckedIOException("unshare (util-linux) could not be run", e);
        }
    }

    /** A new host with a loopback interface and no link. */
    public LabHost host(String name) {
        enter("ip", "netns", "add", name).check();
        LabHost host = new LabHost(this, name);
        hosts.add(host);
        host.run("ip", "link", "set", "lo", "up").check();
        // Otherwise IPv6 addresses are tentative, and unusable, for the first two seconds.
        return host.sysctl("net.ipv6.conf.default.accept_dad", "0").sysctl("net.ipv6.conf.all.accept_dad", "0");
    }

    /** Joins two hosts by a cable between the interfaces {@code nameA} and {@code nameB}, both up and without address. */
    public void cable(LabHost a, String nameA, LabHost b, String nameB) {
        String[] create = {
            "ip", "link", "add", nameA, "netns", a.name(), "type", "veth", "peer", "name", nameB, "netns", b.name()
        };
        enter(create).check();
        a.run("ip", "link", "set", nameA, "up").check();
        b.run("ip", "link", "set", nameB, "up").check();
    }

    /** Gives all hosts a copy of this folder that they may write into; nothing of it is left behind. */
    public void copyFolder(String folder) {
        coverFolder("cp -a \"$0\"/. /mnt", folder);
    }

    /** Gives all hosts an empty folder in place of this one; nothing of it is left behind. */
    public void emptyFolder(String folder) {
        coverFolder("true", folder);
    }

    private void coverFolder(String fill, String folder) {
        enter("sh", "-ec", "mount -t tmpfs lab /mnt; " + fill + "; mount --move /mnt \"$0\"", folder)
                .check();
    }

    /** The command line that runs {@code command} inside this laboratory. */
    List<String> inside(List<String> command) {
        List<String> line = new ArrayList<>(List.of("nsenter", "-t", Long.toString(holder.pid()), "-n", "-m", "--"));
        line.addAll(command);
        return line;
    }

    private LabCommand enter(String... command) {
        return LabCommand.run(inside(List.of(command)), "");
    }

    /** Ends every process that was started on its hosts, and the namespaces with them. */
    @Override
    public void close() {
        hosts.forEach(LabHost::stopProcesses);
        try {
            holder.outputWriter().close();
            holder.waitFor();
        } catch (IOException e) {
            holder.destroyForcibly();
        } catch (InterruptedException e) {
            holder.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
