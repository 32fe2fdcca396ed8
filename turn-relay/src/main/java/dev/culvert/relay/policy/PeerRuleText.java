package dev.culvert.relay.policy;

import dev.culvert.server.config.InvalidValueException;
import dev.culvert.stun.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A peer rule as it is written: {@code 10.0.0.0/8}, {@code 192.0.2.7:5060}, {@code [2001:db8::/32]:80,8000-8999}. */
final class PeerRuleText {
    private static final String EXAMPLES = "write for example 192.0.2.0/24, 192.0.2.7:5060 or [2001:db8::/32]:5060";
    private static final String PORT_EXAMPLES = "write ports as 5060, 10000-20000 or 80,443, each 1 to 65535";

    private PeerRuleText() {}

    static PeerRule parse(PeerRule.Action action, String text) throws InvalidValueException {
        if (text.startsWith("[")) {
            return bracketed(action, text);
        }
        int colon = text.indexOf(':');
        if (colon < 0) {
            return new PeerRule(action, prefix(text), Ports.ALL);
        }
        if (colon == text.lastIndexOf(':')) {
            return new PeerRule(action, prefix(text.substring(0, colon)), ports(text.substring(colon + 1)));
        }
        int slash = text.indexOf('/');
        int portColon = slash < 0 ? -1 : text.indexOf(':', slash);
        if (portColon >= 0) {
            String right = "[" + text.substring(0, portColon) + "]" + text.substring(portColon);
            throw new InvalidValueException("an IPv6 prefix with ports but without brackets", "write " + right);
        }
        return new PeerRule(action, prefix(text), Ports.ALL);
    }

    private static PeerRule bracketed(PeerRule.Action action, String text) throws InvalidValueException {
        int close = text.indexOf(']');
        if (close < 0) {
            throw new InvalidValueException("the bracket is not closed", EXAMPLES);
        }
        String inside = text.substring(1, close);
        String behind = text.substring(close + 1);
        if (behind.startsWith("/")) {
            throw new InvalidValueException("the prefix length stands behind the bracket", EXAMPLES);
        }
        IpPrefix prefix = prefix(inside);
        if (inside.indexOf(':') < 0) {
            throw new InvalidValueException("an IPv4 prefix in brackets", "write " + inside + behind);
        }
        if (behind.isEmpty()) {
            return new PeerRule(action, prefix, Ports.ALL);
        }
        if (!behind.startsWith(":")) {
            throw new InvalidValueException("\"" + behind + "\" behind the bracket", EXAMPLES);
        }
        return new PeerRule(action, prefix, ports(behind.substring(1)));
    }

    /** The prefix in {@code text}: an address alone, or an address, a slash and a length. */
    static IpPrefix prefix(String text) throws InvalidValueException {
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        Optional<IpAddress> parsed = IpAddress.parse(host);
        if (parsed.isEmpty()) {
            throw new InvalidValueException("\"" + host + "\" is not an IP address", EXAMPLES);
        }
        IpAddress address = parsed.get();
        if (slash < 0) {
            return IpPrefix.of(address);
        }
        int widthBits = IpPrefix.widthBits(address);
        int lengthBits = number(text.substring(slash + 1), 0, widthBits);
        if (lengthBits < 0) {
            throw new InvalidValueException(
                    "the prefix length is not a number from 0 to " + widthBits,
                    "write for example " + (address.isIpv4() ? "192.0.2.0/24" : "2001:db8::/32"));
        }
        IpPrefix around = IpPrefix.around(address, lengthBits);
        if (!IpPrefix.first(address, lengthBits).equals(address)) {
            throw new InvalidValueException(
                    host + " has bits set behind its first " + lengthBits,
                    "write " + around + " for the prefix or " + address + " for the one address");
        }
        return around;
    }

    private static Ports ports(String text) throws InvalidValueException {
        List<Ports.Range> ranges = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            ranges.add(range(part));
        }
        return new Ports(ranges);
    }

    private static Ports.Range range(String text) throws InvalidValueException {
        int dash = text.indexOf('-');
        int first = number(dash < 0 ? text : text.substring(0, dash), 1, 0xFFFF);
        int last = number(text.substring(dash + 1), 1, 0xFFFF);
        if (first < 0 || last < 0) {
            throw new InvalidValueException(
                    "\"" + text + "\" is not a port" + (dash < 0 ? "" : " range"), PORT_EXAMPLES);
        }
        if (last < first) {
            throw new InvalidValueException(
                    "the port range " + text + " ends before it begins", "write " + last + "-" + first);
        }
        return new Ports.Range(first, last);
    }

    /** The number in {@code text}, or -1 where it is none from {@code least} to {@code most}. */
    private static int number(String text, int least, int most) {
        if (!text.matches("[0-9]{1,5}")) {
            return -1;
        }
        int number = Integer.parseInt(text);
        return number < least || number > most ? -1 : number;
    }
}
