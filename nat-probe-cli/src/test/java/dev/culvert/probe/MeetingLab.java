package dev.culvert.probe;

import dev.culvert.probe.PairTable.Kind;
import dev.culvert.testkit.lab.LabHost;
import dev.culvert.testkit.lab.NamespaceLab;
import dev.culvert.testkit.lab.NatLab;
import java.util.ArrayList;
import java.util.List;

/**
 * Two clients behind a router of each kind, all routers on one outside network with a server.
 *
 * <pre>
 *   client ── l0 router w0 ──┬── 203.0.113.1, .2 (server)
 *   client ── l0 router w0 ──┤
 *   …
 * </pre>
 */
final class MeetingLab implements AutoCloseable {
    /** Without it, what a peer sends too early becomes a flow of the router itself, which takes the client's next port. */
    private static final String INPUT_DROPS =
            "table ip input_filter { chain inp { type filter hook input priority filter;"
                    + " iifname \"w0\" ct state new drop; }; }\n";

    private final NamespaceLab lab = NamespaceLab.open();
    private final LabHost outside = lab.host("outside");
    private final List<LabHost> left = new ArrayList<>();
    private final List<LabHost> right = new ArrayList<>();

    MeetingLab() {
        outside.run("ip", "link", "add", "br0", "type", "bridge").check();
        outside.run("ip", "link", "set", "br0", "up").check();
        outside.address("br0", "203.0.113.1/24").address("br0", "203.0.113.2/24");
        for (Kind kind : Kind.values()) {
            left.add(client(kind, 20 + kind.ordinal()));
            right.add(client(kind, 30 + kind.ordinal()));
        }
    }

    private LabHost client(Kind kind, int number) {
        String address = address(number);
        LabHost router = lab.host("router" + number);
        LabHost client = lab.host("client" + number);
        lab.cable(client, "c0", router, "l0");
        lab.cable(router, "w0", outside, "p" + number);
        outside.run("ip", "link", "set", "p" + number, "master", "br0").check();
        client.address("c0", "192.168.7.2/24").defaultRoute("192.168.7.1");
        router.address("l0", "192.168.7.1/24").address("w0", address + "/24").sysctl("net.ipv4.ip_forward", "1");
        String rules = kind.nat().rules().replace(NatLab.ROUTER_ADDRESS, address);
        boolean moving = kind == Kind.APDM_RANDOM || kind == Kind.APDM_SEQUENTIAL;
        router.nft(moving ? rules + INPUT_DROPS : rules);
        return client;
    }

    private static String address(int number) {
        return "203.0.113." + number;
    }

    LabHost outside() {
        return outside;
    }

    LabHost left(Kind kind) {
        return left.get(kind.ordinal());
    }

    LabHost right(Kind kind) {
        return right.get(kind.ordinal());
    }

    static String leftAddress(Kind kind) {
        return address(20 + kind.ordinal());
    }

    static String rightAddress(Kind kind) {
        return address(30 + kind.ordinal());
    }

    @Override
    public void close() {
        lab.close();
    }
}
