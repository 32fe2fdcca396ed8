package dev.culvert.stun;

import java.util.Locale;
import java.util.Optional;

/**
 * A {@code stun:}, {@code stuns:}, {@code turn:} or {@code turns:} URI (RFC 7064, RFC 7065).
 *
 * @param scheme what is spoken, and whether it is secured
 * @param host a name, or an IP address; an IPv6 address without brackets
 * @param port 1–65535
 * @param transport what carries it; TLS runs over TCP, DTLS over UDP
 * @param isPortNamed whether the URI names its port; otherwise SRV records may name another (RFC 5928 §3, RFC 8489 §8.1)
 * @param isTransportNamed whether the URI names its transport; otherwise any other may be tried, too (RFC 5928 §3)
 */
public record StunUri(
        Scheme scheme, String host, int port, Transport transport, boolean isPortNamed, boolean isTransportNamed) {
    /** What stands before the colon. */
    public enum Scheme {
        STUN,
        STUNS,
        TURN,
        TURNS;

        /** Whether TLS or DTLS is used. */
        public boolean isSecure() {
            return this == STUNS || this == TURNS;
        }

        /** Whether relaying is spoken of. */
        public boolean isTurn() {
            return this == TURN || this == TURNS;
        }

        /** The port of a URI that names none (RFC 7064 §3.2, RFC 7065 §3.2). */
        public int defaultPort() {
            return isSecure() ? 5349 : 3478;
        }

        /** The transport of a URI that names none. */
        public Transport defaultTransport() {
            return isSecure() ? Transport.TCP : Transport.UDP;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What {@code ?transport=} names. */
    public enum Transport {
        UDP,
        TCP;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public StunUri {
        if (port < 1 || port > 0xFFFF) {
            throw new IllegalArgumentException("a port is 1 to 65535, not " + port);
        }
        if (!scheme.isTurn() && transport != scheme.defaultTransport()) {
            throw new IllegalArgumentException(scheme + ": URIs name no transport (RFC 7064)");
        }
        if (!isPortNamed && port != scheme.defaultPort()) {
            throw new IllegalArgumentException("port " + port + " is not the default of " + scheme + ": and not named");
        }
        if (!isTransportNamed && transport != scheme.defaultTransport()) {
            throw new IllegalArgumentException(transport + " is not the default of " + scheme + ": and not named");
        }
        StunUriText.faultOf(host).ifPresent(fault -> {
            throw new IllegalArgumentException(fault);
        });
    }

    /** A URI that names port and transport only where they are not those of a URI without them. */
    public StunUri(Scheme scheme, String host, int port, Transport transport) {
        this(scheme, host, port, transport, port != scheme.defaultPort(), transport != scheme.defaultTransport());
    }

    /**
     * Reads {@code text}, as a user wrote it.
     *
     * @throws IllegalArgumentException with what was given, what is wrong and what would be right
     */
    public static StunUri parse(String text) {
        return StunUriText.parse(text);
    }

    /** The host as an address; empty where it is a name. */
    public Optional<IpAddress> ipAddress() {
        return IpAddress.parse(host);
    }

    /** The URI, with the port and the transport that it names. */
    @Override
    public String toString() {
        String bracketed = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return scheme + ":" + bracketed
                + (isPortNamed ? ":" + port : "")
                + (isTransportNamed ? "?transport=" + transport : "");
    }
}
