package dev.culvert.relay.it;

import dev.culvert.testkit.lab.LabHost;
import dev.culvert.testkit.lab.LinuxNat;
import dev.culvert.testkit.lab.NamespaceLab;

/**
 * Two clients, each behind a NAT of its own, and a public host between them that also routes.
 *
 * <pre>
 *   one ── router ── public host ── router ── other
 *   192.168.7.2  203.0.113.10  203.0.113.1, .2 │ 198.51.100.1  198.51.100.10  192.168.8.2
 * </pre>
 */
final class TwoNats implements AutoCloseable {
    static final String PUBLIC_ADDRESS = "203.0.113.1";

    private final NamespaceLab lab = NamespaceLab.open();
    private final LabHost publicHost = forwarding(lab.host("public"));
    private final LabHost one;
    private final LabHost other;

    TwoNats(LinuxNat nat) {
        one = behind(nat, "one", "192.168.7", "203.0.113");
        other = behind(nat, "other", "192.168.8", "198.51.100");
        publicHost.address("one", "203.0.113.2/24");
    }

    LabHost publicHost() {
        return publicHost;
    }

    LabHost one() {
        return one;
    }

    LabHost other() {
        return other;
    }

    private LabHost behind(LinuxNat nat, String name, String inside, String outside) {
        LabHost client = lab.host(name);
        LabHost router = forwarding(lab.host(name + "-router"));
        lab.cable(client, "c0", router, "l0");
        lab.cable(router, "w0", publicHost, name);
        client.address("c0", inside + ".2/24").defaultRoute(inside + ".1");
        router.address("l0", inside + ".1/24")
                .address("w0", outside + ".10/24")
                .defaultRoute(outside + ".1")
                .nft(nat.rules());
        publicHost.address(name, outside + ".1/24");
        return client;
    }

    private static LabHost forwarding(LabHost router) {
        return router.sysctl("net.ipv4.ip_forward", "1");
    }

    @Override
    public void close() {
        lab.close();
    }
}
