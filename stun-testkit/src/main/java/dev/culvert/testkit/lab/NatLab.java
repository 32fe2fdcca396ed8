package dev.culvert.testkit.lab;

/**
 * A client behind a router, and an outside with four addresses to put servers on.
 *
 * <pre>
 *   client ── l0 router w0 ── outside           203.0.113.1–4, 2001:db8:1::1–4
 *   192.168.7.2    203.0.113.10
 * </pre>
 *
 * Where the router does not translate, the client has the public address 198.51.100.2 and 2001:db8:7::2.
 */
public final class NatLab implements AutoCloseable {
    /** The router's outside address. */
    public static final String ROUTER_ADDRESS = "203.0.113.10";

    private final NamespaceLab lab;
    private final LabHost client;
    private final LabHost router;
    private final LabHost outside;
    private final LabHost peers;

    private NatLab(NamespaceLab lab) {
        this.lab = lab;
        this.client = lab.host("client");
        this.router = lab.host("router");
        this.outside = lab.host("outside");
        this.peers = lab.host("peers");
    }

    /** A client behind one router. */
    public static NatLab behind(LinuxNat nat) {
        NatLab net = new NatLab(NamespaceLab.open());
        net.inside(nat.translates() ? "192.168.7" : "198.51.100");
        net.lab.cable(net.router, "w0", net.outside, "p0");
        net.router.address("w0", ROUTER_ADDRESS + "/24").address("w0", "2001:db8:1::10/64");
        net.outsideAddresses(ROUTER_ADDRESS);
        net.router.nft(nat.rules());
        return net;
    }

    /**
     * A client behind two routers: {@code near}, which must be a masquerade, and a carrier's {@code far}, with 100.64.0.0/24
     * between them.
     */
    public static NatLab behindTwo(LinuxNat near, LinuxNat far) {
        NatLab net = new NatLab(NamespaceLab.open());
        LabHost carrier = forwarding(net.lab.host("carrier"));
        net.inside("192.168.7");
        net.lab.cable(net.router, "w0", carrier, "l0");
        net.lab.cable(carrier, "w0", net.outside, "p0");
        net.router.address("w0", "100.64.0.2/24").defaultRoute("100.64.0.1");
        carrier.address("l0", "100.64.0.1/24").address("w0", ROUTER_ADDRESS + "/24");
        net.outsideAddresses(ROUTER_ADDRESS);
        net.router.nft(near.rules());
        carrier.nft(far.rules());
        return net;
    }

    public LabHost client() {
        return client;
    }

    public LabHost router() {
        return router;
    }

    public LabHost outside() {
        return outside;
    }

    /** A host behind the outside, at {@code 192.0.2.2} and {@code 2001:db8:2::2}. */
    public LabHost peers() {
        return peers;
    }

    private void inside(String network) {
        forwarding(router);
        lab.cable(client, "c0", router, "l0");
        client.address("c0", network + ".2/24").address("c0", "2001:db8:7::2/64");
        router.address("l0", network + ".1/24").address("l0", "2001:db8:7::1/64");
        client.defaultRoute(network + ".1")
                .run("ip", "-6", "route", "add", "default", "via", "2001:db8:7::1")
                .check();
    }

    private void outsideAddresses(String gateway) {
        addPeers();
        for (int i = 1; i <= 4; i++) {
            outside.address("p0", "203.0.113." + i + "/24").address("p0", "2001:db8:1::" + i + "/64");
        }
        outside.run("ip", "route", "add", "198.51.100.0/24", "via", gateway).check();
        outside.run("ip", "-6", "route", "add", "2001:db8:7::/64", "via", "2001:db8:1::10")
                .check();
    }

    private void addPeers() {
        lab.cable(outside, "p1", peers, "p0");
        outside.address("p1", "192.0.2.1/24").address("p1", "2001:db8:2::1/64");
        peers.address("p0", "192.0.2.2/24").address("p0", "2001:db8:2::2/64").defaultRoute("192.0.2.1");
        peers.run("ip", "-6", "route", "add", "default", "via", "2001:db8:2::1").check();
    }

    private static LabHost forwarding(LabHost router) {
        return router.sysctl("net.ipv4.ip_forward", "1").sysctl("net.ipv6.conf.all.forwarding", "1");
    }

    @Override
    public void close() {
        lab.close();
    }
}
