package dev.culvert.relay;

import dev.culvert.relay.config.RelayConfig.Addresses;
import dev.culvert.relay.config.TurnSettings;
import dev.culvert.server.config.ServerConfig.Listener;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.config.ServerSettings;
import dev.culvert.server.config.Values;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.StunUri;
import java.util.List;
import java.util.Optional;

/** The URIs under which clients find a relay (RFC 7065). */
final class TurnUris {
    private TurnUris() {}

    /** What is wrong with {@code text} as the URI of a TURN server; empty where nothing is. */
    static Optional<String> fault(String text) {
        try {
            return StunUri.parse(text).scheme().isTurn() ? Optional.empty() : Optional.of("not a TURN server");
        } catch (IllegalArgumentException e) {
            return Optional.of("not a URI (" + e.getMessage() + ")");
        }
    }

    /** Those of the listeners that name an address and a port: the public address where one stands before it. */
    static List<String> ofListeners(Values values) {
        Addresses addresses = TurnSettings.addresses(values);
        return values.all(ServerSettings.LISTEN).stream()
                .filter(listener -> listener.address().isPresent() && listener.port() != 0)
                .map(listener -> uri(listener, addresses.told(listener.address().get())))
                .toList();
    }

    private static String uri(Listener listener, IpAddress address) {
        String host = address.isIpv4() ? address.toString() : "[" + address + "]";
        String scheme = listener.transport() == Transport.TLS ? "turns:" : "turn:";
        String transport = listener.transport() == Transport.UDP ? "udp" : "tcp";
        return scheme + host + ":" + listener.port() + "?transport=" + transport;
    }
}
