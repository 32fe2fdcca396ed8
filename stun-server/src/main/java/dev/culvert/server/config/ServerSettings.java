package dev.culvert.server.config;

import dev.culvert.server.config.ServerConfig.Admin;
import dev.culvert.server.config.ServerConfig.AdminTls;
import dev.culvert.server.config.ServerConfig.ConnectionLimits;
import dev.culvert.server.config.ServerConfig.Listener;
import dev.culvert.server.config.ServerConfig.Log;
import dev.culvert.server.config.ServerConfig.RateLimit;
import dev.culvert.server.config.ServerConfig.TlsIdentity;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The settings of a STUN server, and how they become a {@link ServerConfig}. */
public final class ServerSettings {
    private static final int MOST = Integer.MAX_VALUE;
    private static final Duration ONE_MILLISECOND = Duration.ofMillis(1);

    public static final Setting<Listener> LISTEN = Setting.many(
            "listen",
            "URI",
            List.of("udp:*:3478", "tcp:*:3478"),
            Setting.Parser.of(ListenerText.SHAPE, ListenerText::parse),
            "Where to listen: udp:ADDR:PORT, tcp:ADDR:PORT or tls:ADDR:PORT; IPv6 in brackets, * for every address.");
    public static final Setting<IpAddress> ALTERNATE_ADDRESS = Setting.many(
                    "alternate-address",
                    "IP",
                    List.of(),
                    Parsers::address,
                    "Second address for NAT behaviour discovery (RFC 5780), one per family; switches it on.")
            .withExample("203.0.113.6");
    public static final Setting<Integer> ALTERNATE_PORT = Setting.one(
            "alternate-port", "N", "3479", Parsers.number(0, 0xFFFF), "Second port for NAT behaviour discovery.");
    public static final Setting<Boolean> RECEIPTS =
            Setting.flag("receipts", "Answer a probe that asks for a receipt of what arrived.");
    public static final Setting<Boolean> SIP_REFLECTOR = Setting.flag(
            "sip-reflector",
            "Send the SIP requests of nat-probe sip back, on every UDP and TCP listener; they look for an ALG on port 5060.");
    public static final Setting<Optional<RateLimit>> UNAUTHENTICATED_RATE = Setting.one(
                    "unauthenticated-rate",
                    "N[/s]|off",
                    "50/s",
                    Setting.Parser.of(RateText.SHAPE, RateText::parse),
                    "Answers to unauthenticated requests per second and source prefix (/24, /56), twice as many at once;"
                            + " what is over is dropped and counted.")
            .showingDefault("50/s, burst 100")
            .live();
    public static final Setting<Integer> MAX_CONNECTIONS = Setting.one(
                    "max-connections", "N", "10000", Parsers.number(1, MOST), "Open TCP and TLS connections in all.")
            .live();
    public static final Setting<Integer> MAX_CONNECTIONS_PER_PREFIX = Setting.one(
                    "max-connections-per-prefix",
                    "N",
                    "200",
                    Parsers.number(1, MOST),
                    "Open TCP and TLS connections of one source prefix (/24, /56).")
            .live();
    public static final Setting<Duration> IDLE_TIMEOUT = Setting.one(
                    "idle-timeout",
                    "TIME",
                    "10m",
                    Parsers.duration(ONE_MILLISECOND),
                    "How long a TCP or TLS connection may be silent.")
            .live();
    public static final Setting<Duration> HANDSHAKE_TIMEOUT = Setting.one(
                    "handshake-timeout",
                    "TIME",
                    "10s",
                    Parsers.duration(ONE_MILLISECOND),
                    "How long a TLS handshake may take.")
            .live();
    public static final Setting<Boolean> PROXY_PROTOCOL = Setting.flag(
            "proxy-protocol",
            "Expect the header of a load balancer (PROXY protocol, version 1 or 2) on every TCP and TLS connection.");
    public static final Setting<String> TLS_CERTIFICATE = Setting.many(
                    "tls-certificate",
                    "FILE",
                    List.of(),
                    Parsers::file,
                    "Certificate chain (PEM) for tls: listeners; repeat for several names, the first is the default.")
            .withExample("/etc/culvert/fullchain.pem")
            .ofFile()
            .live();
    public static final Setting<String> TLS_KEY = Setting.many(
                    "tls-key",
                    "FILE",
                    List.of(),
                    Parsers::file,
                    "Private key (PEM) of the certificate at the same place.")
            .withExample("/etc/culvert/privkey.pem")
            .ofFile()
            .live();
    public static final Setting<Integer> THREADS = Setting.one(
                    "threads",
                    "N",
                    String.valueOf(Runtime.getRuntime().availableProcessors()),
                    Parsers.number(1, 1024),
                    "Event loops.")
            .showingDefault("number of cores");
    public static final Setting<Optional<TransportAddress>> ADMIN = Setting.one(
                    "admin",
                    "ADDR:PORT",
                    "127.0.0.1:9642",
                    Setting.Parser.of(Parsers.ENDPOINT_OR_OFF, Parsers::endpointOrOff),
                    "HTTP for /metrics, /health/live, /health/ready, the API /api/v1 and the status page; off for none."
                            + " Beyond loopback it needs --admin-token-file or --admin-client-ca.")
            .withOffSwitch("no-admin");
    public static final Setting<String> ADMIN_TOKEN_FILE = Setting.optional(
                    "admin-token-file",
                    "FILE",
                    Parsers::file,
                    "File with the bearer token that admin requests must show; /health needs none.")
            .withExample("/etc/culvert/admin-token")
            .ofFile();
    public static final Setting<String> ADMIN_CLIENT_CA = Setting.optional(
                    "admin-client-ca",
                    "FILE",
                    Parsers::file,
                    "Certificate (PEM) of the authority whose client certificates open the admin server as the token does; it then"
                            + " speaks TLS.")
            .withExample("/etc/culvert/admin-clients.pem")
            .ofFile();
    public static final Setting<String> ADMIN_TLS_CERTIFICATE = Setting.optional(
                    "admin-tls-certificate",
                    "FILE",
                    Parsers::file,
                    "Certificate chain (PEM) with which the admin server speaks TLS.")
            .withExample("/etc/culvert/admin-cert.pem")
            .showingDefault("none; with --admin-client-ca the first --tls-certificate")
            .ofFile();
    public static final Setting<String> ADMIN_TLS_KEY = Setting.optional(
                    "admin-tls-key", "FILE", Parsers::file, "Private key (PEM) of --admin-tls-certificate.")
            .withExample("/etc/culvert/admin-key.pem")
            .ofFile();
    public static final Setting<Duration> DRAIN_TIMEOUT = Setting.one(
                    "drain-timeout",
                    "TIME",
                    "30s",
                    Parsers.duration(Duration.ZERO),
                    "How long a stop waits for open connections.")
            .live();
    public static final Setting<Log.Level> LOG_LEVEL = Setting.one(
                    "log-level",
                    "LEVEL",
                    "info",
                    Parsers.oneOf(Log.Level.class),
                    "What is logged: error, warn, info, debug or trace.")
            .live();
    public static final Setting<Log.Format> LOG_FORMAT = Setting.one(
            "log-format", "FORMAT", "text", Parsers.oneOf(Log.Format.class), "One line an event: text or json.");
    public static final Setting<Log.Addresses> LOG_ADDRESSES = Setting.one(
                    "log-addresses",
                    "FORM",
                    "prefix",
                    Parsers.oneOf(Log.Addresses.class),
                    "How much of a client's address is logged: full, prefix (/24, /56) or none.")
            .live();

    /** Every setting in the order of the help. */
    public static final Settings ALL = new Settings(List.of(
            LISTEN,
            ALTERNATE_ADDRESS,
            ALTERNATE_PORT,
            RECEIPTS,
            SIP_REFLECTOR,
            UNAUTHENTICATED_RATE,
            MAX_CONNECTIONS,
            MAX_CONNECTIONS_PER_PREFIX,
            IDLE_TIMEOUT,
            HANDSHAKE_TIMEOUT,
            PROXY_PROTOCOL,
            TLS_CERTIFICATE,
            TLS_KEY,
            THREADS,
            ADMIN,
            ADMIN_TOKEN_FILE,
            ADMIN_CLIENT_CA,
            ADMIN_TLS_CERTIFICATE,
            ADMIN_TLS_KEY,
            DRAIN_TIMEOUT,
            LOG_LEVEL,
            LOG_FORMAT,
            LOG_ADDRESSES));

    private ServerSettings() {}

    /** The configuration that {@code values} make; what is wrong across settings is noted with the values' problems. */
    public static ServerConfig bind(Values values) {
        ServerChecks.run(values);
        return new ServerConfig(
                values.all(LISTEN),
                values.all(ALTERNATE_ADDRESS),
                values.one(ALTERNATE_PORT),
                values.one(RECEIPTS),
                values.one(SIP_REFLECTOR),
                values.one(UNAUTHENTICATED_RATE),
                new ConnectionLimits(
                        values.one(MAX_CONNECTIONS),
                        values.one(MAX_CONNECTIONS_PER_PREFIX),
                        values.one(IDLE_TIMEOUT),
                        values.one(HANDSHAKE_TIMEOUT),
                        values.one(PROXY_PROTOCOL)),
                identities(values),
                values.one(THREADS),
                admin(values),
                new Log(values.one(LOG_LEVEL), values.one(LOG_FORMAT), values.one(LOG_ADDRESSES)),
                values.one(DRAIN_TIMEOUT));
    }

    private static Admin admin(Values values) {
        return new Admin(values.one(ADMIN), values.isGiven(ADMIN), values.find(ADMIN_TOKEN_FILE), adminTls(values));
    }

    /** Its own certificate, or the server's where it must have one. */
    private static Optional<AdminTls> adminTls(Values values) {
        Optional<String> clientCa = values.find(ADMIN_CLIENT_CA);
        Optional<TlsIdentity> own = values.find(ADMIN_TLS_CERTIFICATE)
                .flatMap(file -> values.find(ADMIN_TLS_KEY).map(key -> new TlsIdentity(file, key)));
        Optional<TlsIdentity> shared =
                clientCa.flatMap(any -> identities(values).stream().findFirst());
        return own.or(() -> shared).map(identity -> new AdminTls(identity, clientCa));
    }

    private static List<TlsIdentity> identities(Values values) {
        List<String> certificates = values.all(TLS_CERTIFICATE);
        List<String> keys = values.all(TLS_KEY);
        List<TlsIdentity> identities = new ArrayList<>();
        for (int i = 0; i < Math.min(certificates.size(), keys.size()); i++) {
            identities.add(new TlsIdentity(certificates.get(i), keys.get(i)));
        }
        return identities;
    }
}
