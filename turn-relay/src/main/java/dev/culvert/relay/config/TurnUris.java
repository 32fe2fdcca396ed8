package dev.culvert.relay.config;

import dev.culvert.relay.config.RelayConfig.Addresses;
import dev.culvert.server.config.InvalidValueException;
import dev.culvert.server.config.ServerConfig.Listener;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.config.ServerSettings;
import dev.culvert.server.config.Values;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.StunUri;
import java.util.List;
import java.util.Optional;

/** The URIs under which clients find a relay (RFC 7065). */
public final class TurnUris {
    /** What a URI looks like, for those who wrote none. */
    public static final String EXAMPLE = "write for example turn:turn.example.org:3478?transport=udp";

    private TurnUris() {}

    /** What is wrong with {@code text} as the URI of a TURN server; empty where nothing is. */
    public static Optional<String> fault(String text) {
        try {
            return StunUri.parse(text).scheme().isTurn() ? Optional.empty() : Optional.of("not a TURN server");
        } catch (IllegalArgumentException e) {
            return Optional.of("not a URI (" + e.getMessage() + ")");
        }
    }

    /** The URI that {@code text} is. */
    public static String parse(String text) throws InvalidValueException {
        Optional<String> fault = fault(text);
        if (fault.isPresent()) {
            throw new InvalidValueException(fault.get(), EXAMPLE);
        }
        return text;
    }

    /** Those of the listeners that name an address and a port: the public address where one stands before it. */
    public static List<String> ofListeners(Values values) {
        Addresses addresses = TurnSettings.addresses(values);
        return values.all(ServerSettings.LISTEN).stream()
                .filter(listener -> listener.address().isPresent() && listener.port() != 0)
                .map(listener -> uri(listener, addresses.told(listener.address().get())))
                .toList();
    }

    private static String uri(Listener listener, IpAddress address) {
        return uri(listener.transport(), address, listener.port());
    }

    /** The URI of one listener. */
    public static String uri(Transport listener, IpAddress address, int port) {
        String host = address.isIpv4() ? address.toString() : "[" + address + "]";
        String scheme = listener == Transport.TLS ? "turns:" : "turn:";
        String transport = listener == Transport.UDP ? "udp" : "tcp";
        return scheme + host + ":" + port + "?transport=" + transport;
    }
}
