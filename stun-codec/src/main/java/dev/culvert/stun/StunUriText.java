package dev.culvert.stun;

import dev.culvert.stun.StunUri.Scheme;
import dev.culvert.stun.StunUri.Transport;
import java.util.Locale;
import java.util.Optional;

/** Reads the text of a {@link StunUri}; every refusal says what was given, what is wrong and what would be right. */
final class StunUriText {
    private static final String TRANSPORT = "transport=";
    private static final int MAX_HOST_LENGTH = 255;

    private StunUriText() {}

    static StunUri parse(String text) {
        int colon = text.indexOf(':');
        Scheme scheme = scheme(text, colon < 0 ? "" : text.substring(0, colon));
        String rest = text.substring(colon + 1);
        if (rest.startsWith("//")) {
            throw refused(text, "has // in it", "write " + scheme + ":HOST");
        }
        int question = rest.indexOf('?');
        String address = question < 0 ? rest : rest.substring(0, question);
        Transport transport =
                question < 0 ? scheme.defaultTransport() : transport(text, scheme, rest.substring(question + 1));
        int portColon = portColon(text, address);
        int port = portColon < 0 ? scheme.defaultPort() : port(text, address.substring(portColon + 1));
        String host = portColon < 0 ? address : address.substring(0, portColon);
        return new StunUri(scheme, host(text, host), port, transport, portColon >= 0, question >= 0);
    }

    private static Scheme scheme(String text, String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "stun" -> Scheme.STUN;
            case "stuns" -> Scheme.STUNS;
            case "turn" -> Scheme.TURN;
            case "turns" -> Scheme.TURNS;
            default -> throw refused(text, "has no scheme known here", "begin with stun:, stuns:, turn: or turns:");
        };
    }

    private static Transport transport(String text, Scheme scheme, String query) {
        // RFC 7064 §3.1: stun and stuns URIs have no query.
        if (!scheme.isTurn()) {
            throw refused(text, "has a query, which " + scheme + " URIs have not", "leave ?" + query + " out");
        }
        if (!query.toLowerCase(Locale.ROOT).startsWith(TRANSPORT)) {
            throw refused(text, "has an unknown query", "write ?transport=udp or ?transport=tcp");
        }
        return switch (query.substring(TRANSPORT.length()).toLowerCase(Locale.ROOT)) {
            case "udp" -> Transport.UDP;
            case "tcp" -> Transport.TCP;
            default -> throw refused(text, "names an unknown transport", "write ?transport=udp or ?transport=tcp");
        };
    }

    /** Where the colon before the port stands in {@code address}, or -1. */
    private static int portColon(String text, String address) {
        if (!address.startsWith("[")) {
            int colon = address.indexOf(':');
            if (colon != address.lastIndexOf(':')) {
                throw refused(text, "has an IPv6 address without brackets", "write [ADDRESS] or [ADDRESS]:PORT");
            }
            return colon;
        }
        int end = address.indexOf(']');
        if (end < 0) {
            throw refused(text, "has no closing bracket", "write [ADDRESS] or [ADDRESS]:PORT");
        }
        if (end == address.length() - 1) {
            return -1;
        }
        if (address.charAt(end + 1) != ':') {
            throw refused(text, "goes on behind the bracket", "write [ADDRESS] or [ADDRESS]:PORT");
        }
        return end + 1;
    }

    private static int port(String text, String digits) {
        if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > 0xFFFF || Integer.parseInt(digits) == 0) {
            throw refused(text, "has no valid port", "a port is 1 to 65535");
        }
        return Integer.parseInt(digits);
    }

    private static String host(String text, String host) {
        if (host.startsWith("[")) {
            String literal = host.substring(1, host.length() - 1);
            if (IpAddress.parse(literal).filter(ip -> !ip.isIpv4()).isEmpty()) {
                throw refused(text, "has brackets around what is no IPv6 address", "for example [2001:db8::1]");
            }
            return literal;
        }
        faultOf(host).ifPresent(fault -> {
            throw refused(text, "has no valid host", fault);
        });
        return host;
    }

    /** What keeps {@code host} from being an IP address or a name; empty where nothing does. */
    static Optional<String> faultOf(String host) {
        if (IpAddress.parse(host).isPresent()) {
            return Optional.empty();
        }
        if (host.isEmpty()) {
            return Optional.of("a host name or an IP address is needed");
        }
        if (host.length() > MAX_HOST_LENGTH) {
            return Optional.of("a host name has at most 255 characters, not " + host.length());
        }
        // RFC 3986 §3.2.2, reg-name: unreserved, sub-delims and percent-encoded bytes.
        if (!host.matches("(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")) {
            return Optional.of("no host name has these characters: " + host);
        }
        // RFC 1123 §2.1: the last label of a name is never numeric, so this is a mistyped IPv4 address.
        if (host.matches("(?:.*\\.)?[0-9]+\\.?")) {
            return Optional.of("no IPv4 address has this form: " + host);
        }
        return Optional.empty();
    }

    private static IllegalArgumentException refused(String text, String wrong, String right) {
        return new IllegalArgumentException("'" + text + "' " + wrong + "; " + right);
    }
}
