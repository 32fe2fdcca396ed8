package dev.culvert.relay.config;

import dev.culvert.relay.config.RelayConfig.ExternalAddress;
import dev.culvert.relay.core.Alternate;
import dev.culvert.relay.policy.Ports;
import dev.culvert.server.config.InvalidValueException;
import dev.culvert.server.config.Shape;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.StunUri;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.AlternateDomain;
import java.util.Optional;

/** How a relay's addresses and ports are written. */
final class AddressText {
    static final Shape PORTS = new Shape.Text("[0-9]{1,5}-[0-9]{1,5}");

    /** RFC 8656 §7.2: ports below should not be allocated, so that nobody runs a standard service on a relay. */
    private static final int LOWEST_PORT = 1024;

    private static final int HIGHEST_PORT = 0xFFFF;
    private static final int DEFAULT_PORT = 3478;
    private static final String EXTERNAL_EXAMPLES =
            "write PUBLIC or PUBLIC/PRIVATE, for example 203.0.113.5 or 203.0.113.5/10.0.0.5";
    private static final String ALTERNATE_EXAMPLES =
            "write IP[:PORT][,DOMAIN], for example 203.0.113.6, [2001:db8::6]:3478 or 203.0.113.6:5349,turn.example.org";

    private AddressText() {}

    /** An address of one host. */
    static IpAddress host(String text) throws InvalidValueException {
        return host(text, "write one such as 203.0.113.5 or 2001:db8::5; names are not looked up");
    }

    private static IpAddress host(String text, String right) throws InvalidValueException {
        Optional<IpAddress> ip = IpAddress.parse(text);
        if (ip.isEmpty()) {
            throw new InvalidValueException("\"" + text + "\" is not an IP address", right);
        }
        return requireHost(ip.get());
    }

    private static IpAddress requireHost(IpAddress ip) throws InvalidValueException {
        if (ip.high() == 0 && ip.low() == 0) {
            throw new InvalidValueException("the unspecified address", "write the address of one host");
        }
        if (ip.toInetAddress().isMulticastAddress()) {
            throw new InvalidValueException("a multicast address", "write the address of one host");
        }
        return ip;
    }

    /** {@code auto}, {@code PUBLIC} or {@code PUBLIC/PRIVATE}; empty for the first. */
    static Optional<ExternalAddress> external(String text) throws InvalidValueException {
        return text.equals("auto") ? Optional.empty() : Optional.of(named(text));
    }

    private static ExternalAddress named(String text) throws InvalidValueException {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return new ExternalAddress(host(text, EXTERNAL_EXAMPLES), Optional.empty());
        }
        IpAddress told = host(text.substring(0, slash), EXTERNAL_EXAMPLES);
        IpAddress local = host(text.substring(slash + 1), EXTERNAL_EXAMPLES);
        if (told.family() != local.family()) {
            throw new InvalidValueException("one is IPv4, the other IPv6", "write two addresses of one family");
        }
        return new ExternalAddress(told, Optional.of(local));
    }

    /** A {@code stun:} URI. */
    static StunUri stunServer(String text) throws InvalidValueException {
        try {
            StunUri uri = StunUri.parse(text);
            if (uri.scheme() == StunUri.Scheme.STUN) {
                return uri;
            }
            throw new InvalidValueException("asked by UDP alone", "write stun:HOST[:PORT]");
        } catch (IllegalArgumentException e) {
            throw new InvalidValueException(String.valueOf(e.getMessage()), "write stun:HOST[:PORT]");
        }
    }

    /** {@code MIN-MAX}. */
    static Ports.Range ports(String text) throws InvalidValueException {
        if (!text.matches("[0-9]{1,5}-[0-9]{1,5}")) {
            throw new InvalidValueException("not MIN-MAX", "write for example 49152-65535");
        }
        int dash = text.indexOf('-');
        int min = Integer.parseInt(text.substring(0, dash));
        int max = Integer.parseInt(text.substring(dash + 1));
        // RFC 8656 §7.2: ports 0 to 1023 should not be allocated.
        if (Math.min(min, max) < LOWEST_PORT || Math.max(min, max) > HIGHEST_PORT) {
            throw new InvalidValueException("out of range", "write ports from " + LOWEST_PORT + " to " + HIGHEST_PORT);
        }
        if (max < min) {
            throw new InvalidValueException("ends before it begins", "write " + max + "-" + min);
        }
        return new Ports.Range(min, max);
    }

    /** {@code IP[:PORT][,DOMAIN]}. */
    static Alternate alternate(String text) throws InvalidValueException {
        int comma = text.indexOf(',');
        String endpoint = comma < 0 ? text : text.substring(0, comma);
        String domain = comma < 0 ? "" : text.substring(comma + 1);
        if (comma >= 0 && !isDomain(domain)) {
            throw new InvalidValueException("\"" + domain + "\" is not a domain name", ALTERNATE_EXAMPLES);
        }
        return new Alternate(alternateAddress(endpoint), domain);
    }

    private static boolean isDomain(String text) {
        try {
            return text.equals(new AlternateDomain(text).name()) && text.indexOf(',') < 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static TransportAddress alternateAddress(String text) throws InvalidValueException {
        boolean isBracketed = text.startsWith("[") && text.endsWith("]");
        Optional<IpAddress> alone = IpAddress.parse(isBracketed ? text.substring(1, text.length() - 1) : text);
        if (alone.isPresent() && alone.get().isIpv4() == isBracketed) {
            throw new InvalidValueException(
                    isBracketed ? "an IPv4 address in brackets" : "an IPv6 address without brackets",
                    ALTERNATE_EXAMPLES);
        }
        Optional<TransportAddress> address = alone.map(ip -> new TransportAddress(ip, DEFAULT_PORT))
                .or(() -> TransportAddress.parse(text).filter(parsed -> parsed.port() != 0));
        if (address.isEmpty()) {
            throw new InvalidValueException("\"" + text + "\" is not IP or IP:PORT", ALTERNATE_EXAMPLES);
        }
        requireHost(address.get().ip());
        return address.get();
    }
}
