package dev.culvert.server.io;

import dev.culvert.server.config.ServerConfig;
import dev.culvert.server.config.ServerConfig.ConnectionLimits;
import dev.culvert.server.config.ServerConfig.Log.Addresses;
import io.vertx.core.Vertx;
import java.util.Optional;

/**
 * What a TCP or TLS connection gets when it begins.
 *
 * @param shownAddresses how much of its client's address is logged
 * @param tls empty where nothing listens for TLS
 */
record StreamSettings(ConnectionLimits limits, Addresses shownAddresses, Optional<TlsIdentities> tls) {
    /**
     * Reads the certificates and keys of {@code config}.
     *
     * @throws IllegalArgumentException where one is no good
     */
    static StreamSettings of(Vertx vertx, ServerConfig config) {
        boolean needsTls =
                config.listeners().stream().anyMatch(listener -> listener.transport() == ServerConfig.Transport.TLS);
        Optional<TlsIdentities> tls =
                needsTls ? Optional.of(TlsIdentities.read(vertx, config.tlsIdentities())) : Optional.empty();
        return new StreamSettings(config.connections(), config.log().addresses(), tls);
    }

    /** What secures a TLS connection. */
    TlsIdentities identities() {
        return tls.orElseThrow();
    }
}
