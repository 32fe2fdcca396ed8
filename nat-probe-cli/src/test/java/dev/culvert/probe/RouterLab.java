package dev.culvert.probe;

import dev.culvert.testkit.Requirements;
import dev.culvert.testkit.lab.LabHost;
import dev.culvert.testkit.lab.NamespaceLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * A client behind a router that runs miniupnpd, which maps ports by PCP, NAT-PMP and UPnP IGD.
 *
 * <pre>
 *   client ── l0 router w0 ── outside
 *   192.168.7.2    192.0.1.2   192.0.1.1
 * </pre>
 */
final class RouterLab implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String CALL = """
            import socket, sys
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.settimeout(2)
            s.sendto(b'hello', (sys.argv[1], int(sys.argv[2])))
            print(s.recv(100).decode())
            """;

    private final NamespaceLab lab = NamespaceLab.open();
    private final LabHost client = lab.host("client");
    private final LabHost router = lab.host("router");
    private final LabHost outside = lab.host("outside");
    private final Path folder;

    /** @param folder for logs and configuration */
    RouterLab(Path folder) {
        this.folder = folder;
        lab.cable(client, "c0", router, "l0");
        lab.cable(router, "w0", outside, "p0");
        client.address("c0", "192.168.7.2/24").defaultRoute("192.168.7.1");
        // miniupnpd takes no private and no documentation address for a public one.
        router.address("l0", "192.168.7.1/24").address("w0", "192.0.1.2/24").sysctl("net.ipv4.ip_forward", "1");
        outside.address("p0", "192.0.1.1/24");
        router.nft("table ip translation { chain post { type nat hook postrouting priority srcnat;"
                + " oifname \"w0\" masquerade; }; }\n"
                + "table inet filter { chain forward { type filter hook forward priority filter; policy drop;"
                + " jump miniupnpd; iifname \"l0\" accept; ct state established,related accept; };"
                + " chain miniupnpd {}; chain prerouting { type nat hook prerouting priority dstnat;"
                + " jump prerouting_miniupnpd; }; chain prerouting_miniupnpd {};"
                + " chain postrouting { type nat hook postrouting priority srcnat; jump postrouting_miniupnpd; };"
                + " chain postrouting_miniupnpd {}; }\n");
    }

    /** Skips the test where this machine has no room for the laboratory. */
    static void require() {
        Requirements.networkNamespaces();
        for (String command : List.of("nsenter", "ip", "nft", "python3", "miniupnpd", "upnpc", "natpmpc")) {
            Requirements.command(command);
        }
    }

    LabHost client() {
        return client;
    }

    LabHost router() {
        return router;
    }

    LabHost outside() {
        return outside;
    }

    /** Starts miniupnpd; it answers when this returns. */
    Process startRouterDaemon() throws IOException {
        Path configuration = folder.resolve("miniupnpd.conf");
        Files.writeString(configuration, """
                ext_ifname=w0
                listening_ip=l0
                enable_natpmp=yes
                enable_upnp=yes
                secure_mode=yes
                system_uptime=no
                uuid=d2fe99e7-8c12-4e8c-a775-c6cb565ed086
                allow 1024-65535 192.168.7.0/24 1024-65535
                deny 0-65535 0.0.0.0/0 0-65535
                """);
        Path log = folder.resolve("miniupnpd.log");
        String command = "miniupnpd -d -f " + configuration + " -P " + folder.resolve("miniupnpd.pid");
        Process daemon = router.start(log, command.split(" "));
        Awaitility.await("miniupnpd to answer, see " + log)
                .atMost(PATIENCE)
                .until(() -> client.run("natpmpc", "-g", "192.168.7.1").exit() == 0);
        return daemon;
    }

    /** Has the router drop what it gets on UDP port 5351 and matches: {@code @th,64,8 2} is PCP, 0 NAT-PMP. */
    void dropRequests(String match) {
        router.nft("table ip refusal { chain inp { type filter hook input priority filter; udp dport 5351 " + match
                + " drop; }; }\n");
    }

    /** The router's table of mappings, which names the client where it has one. */
    String table() {
        return router.run("nft", "list", "table", "inet", "filter").check().out();
    }

    /** Whether an echo at this port of the router is heard outside. */
    boolean isReachedFromOutside(int port) {
        return outside.run("python3", "-c", CALL, "192.0.1.2", Integer.toString(port))
                .out()
                .equals("hello\n");
    }

    @Override
    public void close() {
        lab.close();
    }
}
