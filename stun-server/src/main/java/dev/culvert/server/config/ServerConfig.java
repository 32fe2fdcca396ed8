package dev.culvert.server.config;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything that a STUN server is told.
 *
 * @param listeners where it listens; at least one
 * @param alternateAddresses the second addresses of RFC 5780, at most one per family; empty switches RFC 5780 off
 * @param alternatePort the second port of RFC 5780
 * @param receipts whether a probe's request for a receipt is answered
 * @param sipReflector whether the SIP requests of a probe are answered over UDP and TCP
 * @param unauthenticatedRate how many answers a source prefix gets; empty for no limit
 * @param connections limits of TCP and TLS
 * @param tlsIdentities certificates with their keys, the first being the default
 * @param threads event loops
 * @param admin where metrics and health are served
 * @param log what is logged, and how
 * @param drainTimeout after which a stop no longer waits for open connections
 */
public record ServerConfig(
        List<Listener> listeners,
        List<IpAddress> alternateAddresses,
        int alternatePort,
        boolean receipts,
        boolean sipReflector,
        Optional<RateLimit> unauthenticatedRate,
        ConnectionLimits connections,
        List<TlsIdentity> tlsIdentities,
        int threads,
        Admin admin,
        Log log,
        Duration drainTimeout) {
    public ServerConfig {
        listeners = List.copyOf(listeners);
        alternateAddresses = List.copyOf(alternateAddresses);
        tlsIdentities = List.copyOf(tlsIdentities);
    }

    /** Transports of a listener. */
    public enum Transport {
        UDP,
        TCP,
        TLS
    }

    /**
     * One {@code --listen}.
     *
     * @param address empty for every address of the host
     * @param port 1–65535, or 0 for one that the system picks
     */
    public record Listener(Transport transport, Optional<IpAddress> address, int port) {}

    /**
     * A token bucket per source prefix.
     *
     * @param perSecond answers per second
     * @param burst answers that may come at once
     */
    public record RateLimit(int perSecond, int burst) {}

    /**
     * Limits of TCP and TLS.
     *
     * @param max open TCP and TLS connections in all
     * @param maxPerPrefix of one source prefix (/24, /56)
     * @param idleTimeout after which a silent connection is closed
     * @param handshakeTimeout for TLS
     * @param proxyProtocol whether each connection begins with a PROXY header that names its client
     */
    public record ConnectionLimits(
            int max, int maxPerPrefix, Duration idleTimeout, Duration handshakeTimeout, boolean proxyProtocol) {}

    /** PEM files of a certificate chain and its private key. */
    public record TlsIdentity(String certificateFile, String keyFile) {}

    /**
     * Where metrics, health, the admin API and the status page are served.
     *
     * @param address where the admin HTTP server listens; empty for none
     * @param given whether the operator named the address: then a busy port is an error rather than a warning
     * @param tokenFile holds the bearer token that requests must show; empty for none
     * @param tls empty for plain HTTP
     */
    public record Admin(
            Optional<TransportAddress> address, boolean given, Optional<String> tokenFile, Optional<AdminTls> tls) {
        /** No admin server. */
        public static final Admin OFF = new Admin(Optional.empty(), true, Optional.empty(), Optional.empty());

        /** Whether a client certificate opens as the token does. */
        public boolean takesCertificates() {
            return tls.flatMap(AdminTls::clientCaFile).isPresent();
        }
    }

    /**
     * TLS for HTTP.
     *
     * @param clientCaFile PEM file of the authority whose client certificates are accepted; empty for none
     */
    public record AdminTls(TlsIdentity identity, Optional<String> clientCaFile) {}

    /** What is logged, in which form, and how much of a client's address. */
    public record Log(Level level, Format format, Addresses addresses) {
        public enum Level {
            ERROR,
            WARN,
            INFO,
            DEBUG,
            TRACE
        }

        public enum Format {
            TEXT,
            JSON
        }

        /** How much of a client's address a log line shows. */
        public enum Addresses {
            FULL,
            PREFIX,
            NONE;

            /** The address as a log line shows it: {@code 203.0.113.7:4711}, {@code 203.0.113.0/24} or {@code -}. */
            public String show(TransportAddress client) {
                return switch (this) {
                    case FULL -> client.toString();
                    case PREFIX -> SourcePrefix.text(client.ip());
                    case NONE -> "-";
                };
            }
        }
    }
}
