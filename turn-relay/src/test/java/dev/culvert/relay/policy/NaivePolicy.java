package dev.culvert.relay.policy;

import dev.culvert.stun.IpAddress;
import dev.culvert.testkit.IanaRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The policy as its specification words it, on strings of zeros and ones and without any index. */
final class NaivePolicy {
    private static final List<String> TUNNELS = List.of("2001::/32", "2002::/16");
    private static final List<String> DENIED = Stream.concat(
                    IanaRegistry.deniedByDefault().stream()
                            .filter(prefix -> !prefix.embedsIpv4())
                            .map(IanaRegistry.SpecialPrefix::prefix),
                    TUNNELS.stream())
            .map(NaivePolicy::prefixBits)
            .toList();

    private final List<RuleBits> rules;
    private final List<IpAddress> own;
    private final PolicyFixture.LivePorts live;

    /** A part of an address that is judged: its bits, and how many bits of the whole address stand before it. */
    private record Part(String bits, int offset, boolean isWhole) {}

    private record RuleBits(PeerRule rule, String prefix) {}

    NaivePolicy(List<PeerRule> rules, List<IpAddress> own, PolicyFixture.LivePorts live) {
        this.rules = rules.stream()
                .map(rule -> new RuleBits(rule, prefixBits(rule.prefix().toString())))
                .toList();
        this.own = own;
        this.live = live;
    }

    boolean allows(IpAddress peer, int port) {
        List<Part> parts = parts(bits(peer));
        for (IpAddress address : own) {
            if (bits(address).equals(parts.get(0).bits()) && live.test(address, port)) {
                return true;
            }
        }
        return parts.stream().allMatch(part -> allows(part, parts.get(0), port));
    }

    private boolean allows(Part part, Part whole, int port) {
        if (own.stream().anyMatch(address -> bits(address).equals(part.bits()))) {
            return false;
        }
        int allowed = longest(part.bits(), PeerRule.Action.ALLOW, port);
        int denied = longest(part.bits(), PeerRule.Action.DENY, port);
        if (!part.isWhole()) {
            int wholeAllowed = longest(whole.bits(), PeerRule.Action.ALLOW, port);
            int wholeDenied = longest(whole.bits(), PeerRule.Action.DENY, port);
            if (wholeAllowed > wholeDenied) {
                int fixed = Math.min(32, Math.max(0, wholeAllowed - part.offset()));
                allowed = Math.max(allowed, fixed);
            }
        }
        if (denied >= 0 && denied >= allowed) {
            return false;
        }
        int builtIn = DENIED.stream()
                .filter(prefix -> isPrefix(prefix, part.bits()))
                .mapToInt(prefix -> prefix.length() - 1)
                .max()
                .orElse(-1);
        return builtIn <= allowed;
    }

    private int longest(String bits, PeerRule.Action action, int port) {
        return rules.stream()
                .filter(bitsOf -> isPrefix(bitsOf.prefix(), bits))
                .filter(bitsOf -> bitsOf.rule().action() == action)
                .filter(bitsOf -> bitsOf.rule().ports().ranges().stream()
                        .anyMatch(range -> range.first() <= port && port <= range.last()))
                .mapToInt(bitsOf -> bitsOf.prefix().length() - 1)
                .max()
                .orElse(-1);
    }

    private static boolean isPrefix(String prefix, String bits) {
        return bits.startsWith(prefix);
    }

    private static List<Part> parts(String bits) {
        String v6 = bits.substring(1);
        if (bits.startsWith("4")) {
            return List.of(new Part(bits, 0, true));
        }
        if (v6.startsWith("0".repeat(80) + "1".repeat(16))) {
            return List.of(new Part("4" + v6.substring(96), 0, true));
        }
        List<Part> parts = new ArrayList<>(List.of(new Part(bits, 0, true)));
        String tail = v6.substring(96);
        if (v6.startsWith("0".repeat(96))) {
            parts.add(new Part("4" + tail, 96, false));
        }
        if (bits.startsWith(prefixBits("64:ff9b::/96"))) {
            parts.add(new Part("4" + tail, 96, false));
        }
        if (v6.substring(64, 96).matches("000000[01][01]00000000" + "0101111011111110")) {
            parts.add(new Part("4" + tail, 96, false));
        }
        if (bits.startsWith(prefixBits("2002::/16"))) {
            parts.add(new Part("4" + v6.substring(16, 48), 16, false));
        }
        if (bits.startsWith(prefixBits("2001::/32"))) {
            parts.add(new Part("4" + v6.substring(32, 64), 32, false));
            parts.add(new Part("4" + tail.replace('0', 'x').replace('1', '0').replace('x', '1'), 96, false));
        }
        return parts;
    }

    private static String prefixBits(String prefix) {
        String[] fields = prefix.split("/");
        return bits(IpAddress.parse(fields[0]).orElseThrow()).substring(0, 1 + Integer.parseInt(fields[1]));
    }

    /** The digit of the family, then the address in binary. */
    private static String bits(IpAddress address) {
        StringBuilder bits = new StringBuilder(address.isIpv4() ? "4" : "6");
        for (byte octet : address.toBytes()) {
            bits.append(Integer.toBinaryString((octet & 0xFF) | 0x100).substring(1));
        }
        return bits.toString();
    }
}
