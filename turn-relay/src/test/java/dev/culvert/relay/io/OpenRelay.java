package dev.culvert.relay.io;

import dev.culvert.relay.auth.Credentials;
import dev.culvert.relay.config.RelayConfig;
import dev.culvert.relay.config.RelayConfig.ExternalAddress;
import dev.culvert.relay.core.Ledger;
import dev.culvert.relay.core.RelayCounter;
import dev.culvert.relay.core.RelayMode;
import dev.culvert.relay.core.RelaySettings;
import dev.culvert.relay.core.TestedMode;
import dev.culvert.relay.policy.PeerRule;
import dev.culvert.server.config.ServerConfig;
import dev.culvert.server.config.ServerConfig.ConnectionLimits;
import dev.culvert.server.config.ServerConfig.Listener;
import dev.culvert.server.config.ServerConfig.Log;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A running server on the loopback interface, with real sockets, which relays for anybody. */
final class OpenRelay implements AutoCloseable {
    private final Vertx vertx;
    private final RelayService relay;

    private OpenRelay(Vertx vertx, RelayService relay) {
        this.vertx = vertx;
        this.relay = relay;
    }

    /** Relays for peers on 127.0.0.0/8, but for 127.0.0.1, which is its own. */
    static OpenRelay start(int threads, int minPort, int maxPort) throws Exception {
        return start(true, config(server(threads, false), minPort, maxPort, TestedMode.mode()));
    }

    /** All allocations share the one port that there is. */
    static OpenRelay startSharing(int port) throws Exception {
        return start(true, config(server(1, false), port, port, RelayMode.SHARED));
    }

    /** Clients are told {@code told}, which leads nowhere, in place of the loopback address. */
    static OpenRelay startBehindNat(IpAddress told) throws Exception {
        ExternalAddress external = new ExternalAddress(told, IpAddress.parse("127.0.0.1"));
        RelayConfig config = config(server(1, false), 49152, 65535, TestedMode.mode());
        return start(true, config.withAddresses(config.addresses().withExternal(List.of(external))));
    }

    /** Every connection begins with a PROXY header. */
    static OpenRelay startBehindProxy() throws Exception {
        return start(true, config(server(1, true), 49152, 65535, TestedMode.mode()));
    }

    /** As on systems for which Netty has no transport of its own. */
    static OpenRelay startWithoutEpoll() throws Exception {
        return start(false, config(server(1, false), 49152, 65535, TestedMode.mode()));
    }

    private static OpenRelay start(boolean epoll, RelayConfig config) throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setPreferNativeTransport(epoll)
                .setEventLoopPoolSize(config.server().threads()));
        return new OpenRelay(vertx, RelayService.start(vertx, config).await());
    }

    static OpenRelay start() throws Exception {
        return start(1, 49152, 65535);
    }

    private static RelayConfig config(ServerConfig server, int minPort, int maxPort, RelayMode mode) throws Exception {
        return new RelayConfig(
                server,
                new RelayConfig.Access("example.org", Credentials.none(), Optional.empty(), true),
                new RelayConfig.Addresses(List.of(), List.of(), Optional.empty(), minPort, maxPort),
                List.of(PeerRule.allow("127.0.0.0/8")),
                RelaySettings.DEFAULT.withMode(mode),
                new RelayConfig.Limits(1000, 1000, OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty()),
                List.of());
    }

    private static ServerConfig server(int threads, boolean proxyProtocol) {
        Optional<IpAddress> loopback = IpAddress.parse("127.0.0.1");
        return new ServerConfig(
                List.of(new Listener(Transport.UDP, loopback, 0), new Listener(Transport.TCP, loopback, 0)),
                List.of(),
                3479,
                false,
                false,
                Optional.empty(),
                new ConnectionLimits(100, 100, Duration.ofMinutes(1), Duration.ofSeconds(5), proxyProtocol),
                List.of(),
                threads,
                ServerConfig.Admin.OFF,
                new Log(Log.Level.INFO, Log.Format.TEXT, Log.Addresses.FULL),
                Duration.ofSeconds(1));
    }

    TransportAddress address(Transport transport) {
        return relay.endpoints().stream()
                .filter(endpoint -> endpoint.transport() == transport)
                .findFirst()
                .orElseThrow()
                .address();
    }

    long value(RelayCounter counter) {
        return relay.value(counter);
    }

    Ledger.Totals totals() {
        return relay.totals();
    }

    RelayService relay() {
        return relay;
    }

    @Override
    public void close() {
        relay.close().await();
        vertx.close().await();
    }
}
