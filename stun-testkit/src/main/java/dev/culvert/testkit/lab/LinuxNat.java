package dev.culvert.testkit.lab;

/**
 * Routers of known behaviour, as nftables rules. The outside interface is {@code w0} with the address 203.0.113.10, the
 * inside one {@code l0}, and the client 192.168.7.2 (IPv6: 2001:db8:7::2).
 */
public enum LinuxNat {
    /** No translation, no filter: the client's own address is reachable. */
    NONE(""),
    /** No translation; only answers to what went out come in. */
    FIREWALL_ONLY(stateful("ip")),
    /** Port-preserving masquerade whose own input is open: an unasked packet is kept as a flow of the router itself. */
    MASQUERADE_INPUT_OPEN(postrouting("oifname \"w0\" masquerade;")),
    /** Port-preserving masquerade that drops unasked packets: the usual home router. */
    MASQUERADE_INPUT_DROPPED(postrouting("oifname \"w0\" masquerade;")
            + "table ip input_filter { chain inp { type filter hook input priority filter;"
            + " iifname \"w0\" ct state new drop; }; }\n"),
    /** Endpoint-independent mapping and filtering. */
    FULL_CONE(oneToOne()),
    /** Endpoint-independent mapping, address-dependent filtering. */
    RESTRICTED_CONE(
            oneToOne()
                    + "table ip adf { set seen { type ipv4_addr . inet_service . ipv4_addr; flags dynamic, timeout; timeout 60s; };"
                    + " chain forwarding { type filter hook forward priority filter;"
                    + " oifname \"w0\" meta l4proto udp update @seen { ip saddr . udp sport . ip daddr timeout 60s };"
                    + " iifname \"w0\" ip daddr . udp dport . ip saddr @seen accept; iifname \"w0\" meta l4proto udp drop; }; }\n"),
    /** Endpoint-independent mapping by one-to-one translation, address-and-port-dependent filtering by a firewall. */
    PORT_RESTRICTED_CONE(oneToOne() + stateful("ip")),
    /** Endpoint-independent mapping to ports that are not the client's own. */
    PORTS_NOT_PRESERVED(postrouting(snat("jhash ip saddr . udp sport mod 20000 seed 0x77 offset 40000"))
            + "table ip pre { chain prerouting { type nat hook prerouting priority dstnat; }; }\n"
            + "table ip input_filter { chain inp { type filter hook input priority filter;"
            + " iifname \"w0\" ct state new drop; }; }\n"),
    /** A mapping per destination address. */
    ADDRESS_DEPENDENT_MAPPING(postrouting(snat("jhash ip daddr . udp sport mod 20000 seed 0x5eed offset 20000"))),
    /** A random mapping per destination endpoint. */
    SYMMETRIC_RANDOM(postrouting("oifname \"w0\" masquerade fully-random;")),
    /** A mapping per destination endpoint, each one port above the last. */
    SYMMETRIC_SEQUENTIAL(postrouting(snat("numgen inc mod 256 map { " + sequentialPorts() + " }"))),
    /** Nothing of UDP leaves. */
    UDP_BLOCKED(postrouting("oifname \"w0\" masquerade;")
            + "table ip blocking { chain forwarding { type filter hook forward priority filter;"
            + " oifname \"w0\" meta l4proto udp drop; }; }\n"),
    /** As {@link #MASQUERADE_INPUT_DROPPED}, losing every tenth packet in each direction. */
    LOSSY(MASQUERADE_INPUT_DROPPED.rules
            + "table ip lossy { chain forwarding { type filter hook forward priority filter;"
            + " meta l4proto udp numgen random mod 100 < 10 drop; }; }\n"),
    /** As {@link #MASQUERADE_INPUT_DROPPED}, letting no datagram pass that needs more than one packet. */
    FRAGMENTS_DROPPED(MASQUERADE_INPUT_DROPPED.rules
            + "table ip fragments { chain early { type filter hook prerouting priority -450;"
            + " ip frag-off & 0x1fff != 0 drop; }; }\n"),
    /** One-to-one, and hosts inside meet at the outside address, seen at their own outside addresses. */
    HAIRPIN(postrouting("oifname \"w0\" snat to 203.0.113.10;"
                    + " oifname \"l0\" ip saddr 192.168.7.0/24 ct status dnat snat to 203.0.113.10;")
            + "table ip inbound { chain pre { type nat hook prerouting priority dstnat;"
            + " ip daddr 203.0.113.10 meta l4proto udp dnat to 192.168.7.2; }; }\n"),
    /** IPv6 routed without a filter. */
    IPV6_OPEN(""),
    /** IPv6 routed; only answers to what went out come in. */
    IPV6_FIREWALL(stateful("ip6")),
    /** The prefix 2001:db8:7::/64 is seen outside as 2001:db8:77::/64 (RFC 6296, without its checksum). */
    IPV6_PREFIX("table ip6 translation { chain post { type nat hook postrouting priority srcnat;"
            + " oifname \"w0\" snat ip6 prefix to ip6 saddr map { 2001:db8:7::/64 : 2001:db8:77::/64 }; }; }\n");

    private final String rules;

    LinuxNat(String rules) {
        this.rules = rules;
    }

    /** The rules as a script for nft(8). */
    public String rules() {
        return rules;
    }

    boolean translates() {
        return switch (this) {
            case NONE, FIREWALL_ONLY, IPV6_OPEN, IPV6_FIREWALL -> false;
            default -> true;
        };
    }

    private static String postrouting(String rule) {
        return "table ip translation { chain post { type nat hook postrouting priority srcnat; " + rule + " }; }\n";
    }

    private static String snat(String port) {
        // What is not UDP goes out, too.
        return "oifname \"w0\" meta l4proto udp snat to 203.0.113.10 : " + port + "; oifname \"w0\" masquerade;";
    }

    private static String oneToOne() {
        return postrouting("oifname \"w0\" snat to 203.0.113.10;")
                + "table ip inbound { chain pre { type nat hook prerouting priority dstnat;"
                + " iifname \"w0\" ip daddr 203.0.113.10 meta l4proto udp dnat to 192.168.7.2; }; }\n";
    }

    private static String stateful(String family) {
        return "table " + family + " stateful { chain forwarding { type filter hook forward priority filter;"
                + " iifname \"w0\" ct state established,related accept; iifname \"w0\" drop; }; }\n";
    }

    private static String sequentialPorts() {
        StringBuilder map = new StringBuilder();
        for (int i = 0; i < 256; i++) {
            map.append(i == 0 ? "" : ", ").append(i).append(" : ").append(40000 + i);
        }
        return map.toString();
    }
}
