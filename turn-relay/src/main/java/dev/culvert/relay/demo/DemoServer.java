package dev.culvert.relay.demo;

import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.ice.vertx.PacketTap;
import dev.culvert.ice.vertx.TurnServerAddress;
import dev.culvert.relay.auth.Credentials;
import dev.culvert.relay.auth.InvalidUsersException;
import dev.culvert.relay.auth.StaticUsers;
import dev.culvert.relay.config.RelayConfig;
import dev.culvert.relay.core.RelaySettings;
import dev.culvert.relay.io.RelayService;
import dev.culvert.server.config.ServerConfig;
import dev.culvert.server.config.ServerConfig.Listener;
import dev.culvert.server.config.ServerConfig.Log;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The demo's server: on the loopback interface, for two users whose passwords nobody else knows. */
final class DemoServer {
    static final String REALM = "demo.example";

    private static final int PASSWORD_BYTES = 12;
    private static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1").orElseThrow();

    private final SecureRandom random = new SecureRandom();
    private final LongTermCredential alice = new LongTermCredential("alice", password());
    private final LongTermCredential bob = new LongTermCredential("bob", password());
    private final int minRelayPort;
    private final int maxRelayPort;

    /** A server that is not started, which relays on these ports. */
    DemoServer(int minRelayPort, int maxRelayPort) {
        this.minRelayPort = minRelayPort;
        this.maxRelayPort = maxRelayPort;
    }

    private String password() {
        byte[] bytes = new byte[PASSWORD_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    LongTermCredential alice() {
        return alice;
    }

    LongTermCredential bob() {
        return bob;
    }

    Future<RelayService> start(Vertx vertx) {
        return RelayService.start(vertx, config());
    }

    /** Where {@code relay} listens for this transport. */
    static TurnServerAddress address(RelayService relay, PacketTap.Transport transport) {
        TransportAddress address = relay.endpoints().stream()
                .filter(endpoint -> endpoint.transport().name().equals(transport.name()))
                .findFirst()
                .orElseThrow()
                .address();
        return transport == PacketTap.Transport.UDP ? TurnServerAddress.udp(address) : TurnServerAddress.tcp(address);
    }

    private RelayConfig config() {
        return new RelayConfig(
                serverConfig(),
                new RelayConfig.Access(REALM, users(), Optional.empty(), false),
                new RelayConfig.Addresses(List.of(), List.of(), Optional.empty(), minRelayPort, maxRelayPort),
                List.of(),
                RelaySettings.DEFAULT,
                new RelayConfig.Limits(10, 10, OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty()),
                List.of());
    }

    private Credentials users() {
        List<String> users = List.of("alice:" + alice.password(), "bob:" + bob.password());
        try {
            return StaticUsers.ofOptions(REALM, users);
        } catch (InvalidUsersException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static ServerConfig serverConfig() {
        return new ServerConfig(
                List.of(
                        new Listener(Transport.UDP, Optional.of(LOOPBACK), 0),
                        new Listener(Transport.TCP, Optional.of(LOOPBACK), 0)),
                List.of(),
                3479,
                false,
                false,
                Optional.empty(),
                new ServerConfig.ConnectionLimits(10, 10, Duration.ofMinutes(1), Duration.ofSeconds(5), false),
                List.of(),
                1,
                ServerConfig.Admin.OFF,
                new Log(Log.Level.ERROR, Log.Format.TEXT, Log.Addresses.FULL),
                Duration.ofSeconds(1));
    }
}
