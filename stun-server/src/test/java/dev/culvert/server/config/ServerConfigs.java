package dev.culvert.server.config;

import dev.culvert.server.config.ServerConfig.ConnectionLimits;
import dev.culvert.server.config.ServerConfig.Listener;
import dev.culvert.server.config.ServerConfig.Log;
import dev.culvert.server.config.ServerConfig.RateLimit;
import dev.culvert.server.config.ServerConfig.TlsIdentity;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Builds configurations for tests: loopback, ports that the system picks, no rate limit unless asked for. */
public final class ServerConfigs {
    private final List<Listener> listeners = new ArrayList<>();
    private final List<IpAddress> alternates = new ArrayList<>();
    private final List<TlsIdentity> identities = new ArrayList<>();
    private boolean receipts;
    private boolean sipReflector;
    private Optional<RateLimit> rate = Optional.empty();
    private ConnectionLimits connections =
            new ConnectionLimits(100, 100, Duration.ofMinutes(10), Duration.ofSeconds(10), false);
    private int threads = 1;
    private ServerConfig.Admin admin = ServerConfig.Admin.OFF;

    /** A configuration that listens on {@code ip} with a port that the system picks. */
    public static ServerConfigs listening(Transport transport, String ip) {
        return new ServerConfigs().andListening(transport, ip, 0);
    }

    public ServerConfigs andListening(Transport transport, String ip, int port) {
        listeners.add(new Listener(transport, Optional.of(ip(ip)), port));
        return this;
    }

    public ServerConfigs andListeningEverywhere(Transport transport, int port) {
        listeners.add(new Listener(transport, Optional.empty(), port));
        return this;
    }

    public ServerConfigs alternate(String ip) {
        alternates.add(ip(ip));
        return this;
    }

    public ServerConfigs receipts() {
        receipts = true;
        return this;
    }

    public ServerConfigs sipReflector() {
        sipReflector = true;
        return this;
    }

    public ServerConfigs rate(int perSecond, int burst) {
        rate = Optional.of(new RateLimit(perSecond, burst));
        return this;
    }

    public ServerConfigs connections(ConnectionLimits limits) {
        connections = limits;
        return this;
    }

    public ServerConfigs identity(String certificateFile, String keyFile) {
        identities.add(new TlsIdentity(certificateFile, keyFile));
        return this;
    }

    public ServerConfigs threads(int count) {
        threads = count;
        return this;
    }

    public ServerConfigs admin(ServerConfig.Admin given) {
        admin = given;
        return this;
    }

    public ServerConfig build() {
        return new ServerConfig(
                listeners,
                alternates,
                0,
                receipts,
                sipReflector,
                rate,
                connections,
                identities,
                threads,
                admin,
                new Log(Log.Level.INFO, Log.Format.TEXT, Log.Addresses.FULL),
                Duration.ofSeconds(5));
    }

    private static IpAddress ip(String text) {
        return IpAddress.parse(text).orElseThrow(() -> new IllegalArgumentException(text));
    }
}
