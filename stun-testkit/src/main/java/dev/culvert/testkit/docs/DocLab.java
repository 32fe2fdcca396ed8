package dev.culvert.testkit.docs;

import dev.culvert.testkit.lab.LabHost;
import dev.culvert.testkit.lab.NamespaceLab;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The hosts of the documentation, for one page.
 *
 * <pre>
 *   client ── router ── stun ── server
 *   192.168.7.2  │   203.0.113.1, .3   203.0.113.5, 2001:db8:1::5, turn.example.org
 *          203.0.113.10
 * </pre>
 *
 * The router is a masquerade that keeps an idle mapping for 3 seconds, and for 7 once traffic has gone both ways. Commands of
 * the page are typed into a shell on one of the hosts, in an empty folder with links to the folders of the repository;
 * {@code /etc}, {@code /var/log} and {@code /var/lib} are the laboratory's own.
 */
public final class DocLab implements AutoCloseable {
    private static final List<String> LINKS = List.of("bin", "docs", "deploy", "benchmarks");
    private static final List<String> PROGRAMS = List.of(
            "stun-server/target/stun-server.jar",
            "turn-relay/target/turn-relay.jar",
            "nat-probe-cli/target/nat-probe.jar");

    private final NamespaceLab lab = NamespaceLab.open();
    private final Map<String, LabHost> hosts = new HashMap<>();
    private final Map<String, DocSession> sessions = new HashMap<>();
    private final Path folder;
    private final Path outputs;

    /**
     * Builds it.
     *
     * @param root of the repository
     * @param folder an empty one, for the files of the page
     */
    public DocLab(Path root, Path folder) {
        try {
            this.folder = Files.createDirectory(folder.resolve("work"));
            this.outputs = Files.createDirectory(folder.resolve("outputs"));
            Path absolute = root.toRealPath();
            for (String link : LINKS) {
                Files.createSymbolicLink(this.folder.resolve(link), absolute.resolve(link));
            }
            for (String program : PROGRAMS) {
                touch(absolute.resolve(program));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        lab.copyFolder("/etc");
        lab.emptyFolder("/var/log");
        lab.emptyFolder("/var/lib");
        for (String name : List.of("client", "router", "stun", "server")) {
            hosts.put(name, lab.host(name));
        }
        connect();
        host("server")
                .run(
                        "sh",
                        "-ec",
                        "echo '203.0.113.5 turn.example.org turn.example.org.' >> /etc/hosts; mkdir /etc/culvert; echo nameserver 127.0.0.1 > /etc/resolv.conf")
                .check();
    }

    /** So that no launcher takes it for older than its sources. */
    private static void touch(Path program) throws IOException {
        if (Files.exists(program)) {
            Files.setLastModifiedTime(program, FileTime.from(Instant.now()));
        }
    }

    private void connect() {
        LabHost router = host("router");
        LabHost stun = host("stun");
        lab.cable(host("client"), "c0", router, "l0");
        lab.cable(router, "w0", stun, "p0");
        lab.cable(stun, "p1", host("server"), "eth0");
        host("client").address("c0", "192.168.7.2/24").defaultRoute("192.168.7.1");
        router.address("l0", "192.168.7.1/24").address("w0", "203.0.113.10/24").sysctl("net.ipv4.ip_forward", "1");
        router.nft("table ip translation { chain post { type nat hook postrouting priority srcnat;"
                + " oifname \"w0\" masquerade; }; }\n"
                + "table ip input_filter { chain inp { type filter hook input priority filter;"
                + " iifname \"w0\" ct state new drop; }; }\n");
        router.sysctl("net.netfilter.nf_conntrack_udp_timeout", "3")
                .sysctl("net.netfilter.nf_conntrack_udp_timeout_stream", "7");
        stun.address("p0", "203.0.113.1/24").address("p0", "203.0.113.3/24");
        stun.sysctl("net.ipv4.ip_forward", "1").sysctl("net.ipv4.conf.p0.proxy_arp", "1");
        stun.run("ip", "route", "add", "203.0.113.5", "dev", "p1").check();
        host("server").address("eth0", "203.0.113.5/32").address("eth0", "2001:db8:1::5/64");
        host("server").run("ip", "route", "add", "203.0.113.1", "dev", "eth0").check();
        host("server").defaultRoute("203.0.113.1");
    }

    public LabHost host(String name) {
        LabHost host = hosts.get(name);
        if (host == null) {
            throw new IllegalArgumentException("no host \"" + name + "\" here; there are " + hosts.keySet());
        }
        return host;
    }

    /** Where the commands run. */
    public Path folder() {
        return folder;
    }

    /** Runs a block; one that is not to be run does nothing. Fails where it prints something else than it shows. */
    public void run(DocBlock block) {
        if (block.mark() instanceof Mark.Before before) {
            session(before.host()).prepare(block.place(), block.text());
        }
        if (block.mark() instanceof Mark.Run run) {
            block.steps().forEach(session(run.host())::run);
        }
        if (block.mark() instanceof Mark.Check check) {
            check(check.program(), block);
        }
    }

    private void check(String program, DocBlock block) {
        String firstLine = block.text().lines().findFirst().orElse("");
        String name = firstLine.matches("# \\S+\\.yaml") ? firstLine.replaceFirst(".*[ /]", "") : "any.yaml";
        Path file = folder.resolve(name);
        try {
            Files.writeString(file, block.text());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String command = folder.resolve("bin").resolve(program) + " check --config " + file;
        session(Mark.SERVER).run(new ConsoleStep(block.place(), command, ""));
    }

    private DocSession session(String host) {
        return sessions.computeIfAbsent(host, name -> DocSession.start(host(name), folder, folder(name)));
    }

    private Path folder(String host) {
        try {
            return Files.createDirectory(outputs.resolve(host));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends all that still runs. */
    @Override
    public void close() {
        lab.close();
    }
}
