package dev.culvert.server.io;

import dev.culvert.server.config.ServerConfig.Listener;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.util.List;
import java.util.Locale;

/**
 * What metrics call a listener: as it is configured, so that there are no more names than options, whatever addresses the
 * host gets.
 *
 * @param transport the listener's
 * @param text for example {@code udp:*:3478}
 */
public record ListenerName(Transport transport, String text) {
    private static final String ALTERNATE = "alternate";

    /** The name of what listens on {@code local}; sockets that RFC 5780 adds share the name {@code alternate}. */
    static ListenerName of(List<Listener> configured, Transport transport, TransportAddress local) {
        return configured.stream()
                .filter(listener -> listener.transport() == transport)
                .filter(listener -> listener.port() == local.port() || listener.port() == 0)
                .filter(listener -> listener.address()
                        .map(address -> address.equals(local.ip()))
                        .orElse(true))
                // One that names the address says more than a wildcard.
                .min((a, b) ->
                        Boolean.compare(a.address().isEmpty(), b.address().isEmpty()))
                .map(ListenerName::of)
                .orElse(new ListenerName(transport, ALTERNATE));
    }

    private static ListenerName of(Listener listener) {
        String host = listener.address().map(ListenerName::host).orElse("*");
        String scheme = listener.transport().name().toLowerCase(Locale.ROOT);
        return new ListenerName(listener.transport(), scheme + ":" + host + ":" + listener.port());
    }

    private static String host(IpAddress address) {
        return address.isIpv4() ? address.toString() : "[" + address + "]";
    }
}
