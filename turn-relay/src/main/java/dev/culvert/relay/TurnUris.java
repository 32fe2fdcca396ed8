package dev.culvert.relay;

import dev.culvert.relay.config.RelayConfig.ExternalAddress;
import dev.culvert.relay.config.TurnSettings;
import dev.culvert.server.config.ServerConfig.Listener;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.config.ServerSettings;
import dev.culvert.server.config.Values;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.StunUri;
import java.util.Comparator;
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
        List<ExternalAddress> externals = values.all(TurnSettings.EXTERNAL_ADDRESS);
        return values.all(ServerSettings.LISTEN).stream()
                .filter(listener -> listener.address().isPresent() && listener.port() != 0)
                .map(listener -> uri(listener, told(listener.address().get(), externals)))
                .toList();
    }

    private static IpAddress told(IpAddress address, List<ExternalAddress> externals) {
        return externals.stream()
                .filter(external -> external.local()
                        .map(address::equals)
                        .orElse(external.told().family() == address.family()))
                // One that names the address says more than one for its family.
                .max(Comparator.comparing(external -> external.local().isPresent()))
                .map(ExternalAddress::told)
                .orElse(address);
    }

    private static String uri(Listener listener, IpAddress address) {
        String host = address.isIpv4() ? address.toString() : "[" + address + "]";
        String scheme = listener.transport() == Transport.TLS ? "turns:" : "turn:";
        String transport = listener.transport() == Transport.UDP ? "udp" : "tcp";
        return scheme + host + ":" + listener.port() + "?transport=" + transport;
    }
}
