package dev.culvert.relay.config;

import dev.culvert.relay.auth.Authenticator;
import dev.culvert.relay.auth.SharedSecret;
import dev.culvert.relay.config.RelayConfig.Addresses;
import dev.culvert.relay.config.RelayConfig.ExternalAddress;
import dev.culvert.relay.config.RelayConfig.MintingListener;
import dev.culvert.relay.core.Alternate;
import dev.culvert.relay.core.RelayMode;
import dev.culvert.relay.policy.PeerRule;
import dev.culvert.relay.policy.Ports;
import dev.culvert.server.config.InvalidValueException;
import dev.culvert.server.config.Parsers;
import dev.culvert.server.config.ServerSettings;
import dev.culvert.server.config.Setting;
import dev.culvert.server.config.Settings;
import dev.culvert.server.config.Shape;
import dev.culvert.server.config.Values;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.StunUri;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The settings of a TURN server: those of a STUN server and its own. {@link TurnBinding} makes the configuration. */
public final class TurnSettings {
    private static final int MOST = Integer.MAX_VALUE;
    private static final int MOST_OF_ONE_ALLOCATION = 65_536;
    private static final Duration ONE_SECOND = Duration.ofSeconds(1);

    public static final Setting<String> REALM = Setting.optional(
                    "realm",
                    "NAME",
                    TurnSettings::realm,
                    "Realm of the long-term credentials, for example example.org.")
            .showingDefault("none: it must be given")
            .withExample("example.org");
    public static final Setting<String> USER = Setting.many(
                    "user",
                    "NAME:PASSWORD",
                    List.of(),
                    text -> text,
                    "A user who may relay; other users of the machine see what stands on the command line.")
            .hidden()
            .live();
    public static final Setting<String> USERS_FILE = Setting.optional(
                    "users-file",
                    "FILE",
                    Parsers::file,
                    "File with a line for each user: name: password, name: md5:HEX or name: sha256:HEX; read again when it"
                            + " changes.")
            .withExample("/etc/culvert/users")
            .ofFile()
            .live();
    public static final Setting<SharedSecret> SHARED_SECRET = Setting.many(
                    "shared-secret",
                    "SECRET",
                    List.of(),
                    TurnSettings::secret,
                    "Secret of time-limited credentials (username expiry:id, password base64(HMAC-SHA1)); several while"
                            + " one replaces another.")
            .hidden()
            .live();
    public static final Setting<String> SHARED_SECRET_FILE = Setting.many(
                    "shared-secret-file",
                    "FILE",
                    List.of(),
                    Parsers::file,
                    "File with one such secret; read again when it changes.")
            .withExample("/etc/culvert/secret")
            .ofFile()
            .live();
    public static final Setting<Boolean> END_WITH_CREDENTIAL = Setting.flag(
                    "end-with-credential", "End a running allocation when its time-limited credential expires.")
            .live();
    public static final Setting<String> NONCE_KEY_FILE = Setting.optional(
                    "nonce-key-file",
                    "FILE",
                    Parsers::file,
                    "File with the nonce key that the servers of a fleet share, 64 hexadecimal digits, and on a second"
                            + " line the one before it.")
            .showingDefault("a random key at each start")
            .withExample("/etc/culvert/nonce-key")
            .ofFile()
            .live();
    public static final Setting<Boolean> INSECURE_NO_AUTH = Setting.flag(
            "insecure-no-auth", "Relay for everybody, without credentials: for a test bench, never for the internet.");
    public static final Setting<IpAddress> RELAY_ADDRESS = Setting.many(
                    "relay-address",
                    "IP",
                    List.of(),
                    AddressText::host,
                    "Address of this host on which relay ports are opened, one per family.")
            .showingDefault("the address at which the request arrived")
            .withExample("10.0.0.5");
    public static final Setting<Optional<ExternalAddress>> EXTERNAL_ADDRESS = Setting.many(
                    "external-address",
                    "PUBLIC[/PRIVATE]|auto",
                    List.of(),
                    AddressText::external,
                    "Public address in front of this host (1:1 NAT), which clients are told in place of PRIVATE, or of every"
                            + " relay address of its family; auto asks the server of --stun at the start.")
            .withExample("203.0.113.5/10.0.0.5");
    public static final Setting<StunUri> STUN = Setting.optional(
                    "stun",
                    "URI",
                    AddressText::stunServer,
                    "STUN server for --external-address auto, as stun:HOST[:PORT].")
            .withExample("stun:stun.example.org");
    public static final Setting<Ports.Range> RELAY_PORTS = Setting.one(
            "relay-ports",
            "MIN-MAX",
            "49152-65535",
            Setting.Parser.of(AddressText.PORTS, AddressText::ports),
            "Range of the relay ports.");
    public static final Setting<RelayMode> RELAY_MODE = Setting.one(
            "relay-mode",
            "exclusive|shared",
            "exclusive",
            Setting.Parser.of(new Shape.OneOf(List.of("exclusive", "shared")), TurnSettings::relayMode),
            "Whether each allocation has a relay port of its own, or a few ports are shared by all, which are told apart"
                    + " by their peers.");
    public static final Setting<PeerRule> ALLOW_PEER = Setting.many(
                    "allow-peer",
                    "CIDR[:PORTS]",
                    List.of(),
                    PeerRule::allow,
                    "Peers that may be relayed to; the longest prefix decides. What is not globally reachable is denied unless a"
                            + " prefix as long or longer allows it.")
            .withExample("10.0.0.7:5060")
            .live();
    public static final Setting<PeerRule> DENY_PEER = Setting.many(
                    "deny-peer",
                    "CIDR[:PORTS]",
                    List.of(),
                    PeerRule::deny,
                    "Peers that may not be relayed to; wins over an --allow-peer of the same prefix.")
            .withExample("198.51.100.0/24")
            .live();
    public static final Setting<Boolean> RFC5766_CHANNEL_NUMBERS = Setting.flag(
                    "rfc5766-channel-numbers", "Also take the channel numbers 0x5000 to 0x7FFF of older clients.")
            .live();
    public static final Setting<Duration> MAX_LIFETIME = Setting.one(
                    "max-lifetime",
                    "TIME",
                    "1h",
                    Parsers.duration(ONE_SECOND),
                    "Longest lifetime that an allocation gets.")
            .live();
    public static final Setting<Duration> DEFAULT_LIFETIME = Setting.one(
                    "default-lifetime",
                    "TIME",
                    "10m",
                    Parsers.duration(ONE_SECOND),
                    "Lifetime of an allocation whose client asks for none, or for less.")
            .live();
    public static final Setting<Integer> MAX_ALLOCATIONS = Setting.optional(
                    "max-allocations", "N", Parsers.number(1, MOST), "Allocations in all; 508 past them.")
            .showingDefault("by file descriptors; 100000 with --relay-mode shared")
            .withExample("10000")
            .live();
    public static final Setting<Integer> MAX_ALLOCATIONS_PER_USER = Setting.one(
                    "max-allocations-per-user",
                    "N",
                    "64",
                    Parsers.number(1, MOST),
                    "Allocations of one user; 486 past them.")
            .live();
    public static final Setting<Integer> MAX_PERMISSIONS = Setting.one(
                    "max-permissions",
                    "N",
                    "256",
                    Parsers.number(1, MOST_OF_ONE_ALLOCATION),
                    "Permissions of one allocation; 508 past them.")
            .live();
    public static final Setting<Integer> MAX_CHANNELS = Setting.one(
                    "max-channels",
                    "N",
                    "256",
                    Parsers.number(1, MOST_OF_ONE_ALLOCATION),
                    "Channels of one allocation; 508 past them.")
            .live();
    public static final Setting<OptionalLong> MAX_BITRATE_PER_ALLOCATION =
            bitrate("max-bitrate-per-allocation", "Data that one allocation relays, both directions together");
    public static final Setting<OptionalLong> MAX_BITRATE_PER_USER =
            bitrate("max-bitrate-per-user", "The same for all allocations of one user");
    public static final Setting<OptionalLong> MAX_BITRATE =
            bitrate("max-bitrate", "The same for all allocations of this server");
    public static final Setting<Alternate> ALTERNATE_SERVER = Setting.many(
                    "alternate-server",
                    "IP[:PORT][,DOMAIN]",
                    List.of(),
                    AddressText::alternate,
                    "Server to which this one sends new clients while it stops (300), one per family; the name in its"
                            + " certificate behind a comma.")
            .withExample("203.0.113.6:3478")
            .live();

    public static final Setting<MintingListener> CREDENTIALS_LISTEN = Setting.optional(
                    "credentials-listen",
                    "[tls:]ADDR:PORT",
                    MintingText::listener,
                    "HTTP endpoint that hands out time-limited credentials, and nothing else; tls: takes the first"
                            + " --tls-certificate. Beyond loopback it needs --credentials-token-file.")
            .withExample("tls:203.0.113.5:8443");
    public static final Setting<String> CREDENTIALS_TOKEN_FILE = Setting.optional(
                    "credentials-token-file",
                    "FILE",
                    Parsers::file,
                    "File with the bearer token that requests to --credentials-listen must show.")
            .withExample("/etc/culvert/credentials-token")
            .ofFile();
    public static final Setting<String> CREDENTIALS_ORIGIN = Setting.many(
                    "credentials-origin",
                    "ORIGIN",
                    List.of(),
                    MintingText::origin,
                    "Web pages of this origin may ask --credentials-listen (CORS), for example https://app.example.org.")
            .withExample("https://app.example.org");
    public static final Setting<String> CREDENTIALS_URI = Setting.many(
                    "credentials-uri",
                    "URI",
                    List.of(),
                    TurnUris::parse,
                    "The turn: or turns: URI of this server that stands beside the credentials it hands out.")
            .withExample("turn:turn.example.org?transport=udp", "turns:turn.example.org:5349?transport=tcp")
            .showingDefault("those of the listeners");

    /** Every setting in the order of the help. */
    public static final Settings ALL = ServerSettings.ALL
            .with(List.of(
                    ServerSettings.ADMIN.withDefault("127.0.0.1:9641"),
                    REALM,
                    USER,
                    USERS_FILE,
                    SHARED_SECRET,
                    SHARED_SECRET_FILE,
                    END_WITH_CREDENTIAL,
                    NONCE_KEY_FILE,
                    INSECURE_NO_AUTH,
                    RELAY_ADDRESS,
                    EXTERNAL_ADDRESS,
                    STUN,
                    RELAY_PORTS,
                    RELAY_MODE,
                    ALLOW_PEER,
                    DENY_PEER,
                    RFC5766_CHANNEL_NUMBERS,
                    MAX_LIFETIME,
                    DEFAULT_LIFETIME,
                    MAX_ALLOCATIONS,
                    MAX_ALLOCATIONS_PER_USER,
                    MAX_PERMISSIONS,
                    MAX_CHANNELS,
                    MAX_BITRATE_PER_ALLOCATION,
                    MAX_BITRATE_PER_USER,
                    MAX_BITRATE,
                    ALTERNATE_SERVER,
                    CREDENTIALS_LISTEN,
                    CREDENTIALS_TOKEN_FILE,
                    CREDENTIALS_ORIGIN,
                    CREDENTIALS_URI))
            .with(UsageSettings.ALL);

    private TurnSettings() {}

    private static Setting<OptionalLong> bitrate(String name, String help) {
        return Setting.one(
                        name,
                        "RATE|off",
                        Setting.OFF,
                        Setting.Parser.of(BitrateText.SHAPE, BitrateText::parse),
                        help + ", for example 8Mbit; what is over is dropped and counted.")
                .showingDefault("none")
                .live();
    }

    private static String realm(String text) throws InvalidValueException {
        try {
            return Authenticator.requireRealm(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidValueException(
                    "not a realm",
                    "write 1 to 127 characters without quotes, backslashes and control characters, for example"
                            + " example.org");
        }
    }

    private static RelayMode relayMode(String text) throws InvalidValueException {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "exclusive" -> RelayMode.EXCLUSIVE;
            case "shared" -> RelayMode.SHARED;
            default -> throw new InvalidValueException("not known", "write one of exclusive, shared");
        };
    }

    private static SharedSecret secret(String text) throws InvalidValueException {
        if (text.isBlank()) {
            throw new InvalidValueException("is empty", "give a secret that nobody can guess");
        }
        return SharedSecret.of(text);
    }

    /** Where relay ports are opened. */
    public static Addresses addresses(Values values) {
        Ports.Range ports = values.one(RELAY_PORTS);
        List<Optional<ExternalAddress>> external = values.all(EXTERNAL_ADDRESS);
        return new Addresses(
                values.all(RELAY_ADDRESS),
                external.stream().flatMap(Optional::stream).toList(),
                external.contains(Optional.<ExternalAddress>empty()) ? values.find(STUN) : Optional.empty(),
                ports.first(),
                ports.last());
    }

    /** The operator's rules about peers. */
    public static List<PeerRule> peerRules(Values values) {
        return Stream.concat(values.all(ALLOW_PEER).stream(), values.all(DENY_PEER).stream())
                .toList();
    }
}
