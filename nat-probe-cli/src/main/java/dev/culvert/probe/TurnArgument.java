package dev.culvert.probe;

import dev.culvert.ice.resolution.ServerTransport;
import dev.culvert.stun.StunUri;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A TURN server as the user names it, and over what it is examined.
 *
 * @param text as given
 * @param ways what is examined, in this order
 */
record TurnArgument(String text, List<Way> ways) {
    /** One transport, and the URI that means it. */
    record Way(ServerTransport transport, StunUri uri) {}

    /**
     * Reads a {@code turn:} or {@code turns:} URI, or {@code host[:port]}.
     *
     * @param wanted the only transport that is wanted; null where it is the URI's to say
     */
    static TurnArgument parse(String text, @Nullable Transport wanted) {
        String uriText = text.matches("(?i)(stun|turn)s?:.*") ? text : "turn:" + ServerArgument.bracketed(text);
        StunUri uri = uri(uriText, text);
        if (!uri.scheme().isTurn()) {
            throw new UsageException("server '" + text + "': is no TURN server; give a turn: or turns: URI");
        }
        if (uri.scheme().isSecure() || uri.isTransportNamed()) {
            return new TurnArgument(text, List.of(named(text, uri, wanted)));
        }
        List<Way> all = List.of(overUdp(uri), overTcp(uri), overTls(uri, wanted == Transport.TLS));
        List<Way> ways = all.stream()
                .filter(way -> wanted == null || way.transport().name().equals(wanted.name()))
                .toList();
        return new TurnArgument(text, ways);
    }

    private static StunUri uri(String uriText, String text) {
        try {
            return StunUri.parse(uriText);
        } catch (IllegalArgumentException e) {
            throw new UsageException("server '" + text + "': " + e.getMessage()
                    + "; give a turn: or turns: URI, for example turn:turn.example.org");
        }
    }

    private static Way named(String text, StunUri uri, @Nullable Transport wanted) {
        if (uri.scheme().isSecure() && uri.transport() == StunUri.Transport.UDP) {
            throw new UsageException(
                    "server '" + text + "': DTLS is not spoken here; leave ?transport=udp out for TLS");
        }
        ServerTransport transport = uri.scheme().isSecure() ? ServerTransport.TLS : ofUri(uri);
        if (wanted != null && !wanted.name().equals(transport.name())) {
            throw new UsageException("--transport " + wanted.text() + ": the URI '" + text
                    + "' names another one; leave one of them out");
        }
        return new Way(transport, uri);
    }

    private static ServerTransport ofUri(StunUri uri) {
        return uri.transport() == StunUri.Transport.UDP ? ServerTransport.UDP : ServerTransport.TCP;
    }

    private static Way overUdp(StunUri uri) {
        return new Way(ServerTransport.UDP, with(uri, StunUri.Transport.UDP));
    }

    private static Way overTcp(StunUri uri) {
        return new Way(ServerTransport.TCP, with(uri, StunUri.Transport.TCP));
    }

    private static StunUri with(StunUri uri, StunUri.Transport transport) {
        return new StunUri(uri.scheme(), uri.host(), uri.port(), transport, uri.isPortNamed(), true);
    }

    /** At the port of the URI where TLS alone is asked for, else where servers usually have it. */
    private static Way overTls(StunUri uri, boolean isAlone) {
        StunUri.Scheme turns = StunUri.Scheme.TURNS;
        boolean isPortNamed = isAlone && uri.isPortNamed();
        int port = isPortNamed ? uri.port() : turns.defaultPort();
        return new Way(
                ServerTransport.TLS, new StunUri(turns, uri.host(), port, StunUri.Transport.TCP, isPortNamed, true));
    }
}
