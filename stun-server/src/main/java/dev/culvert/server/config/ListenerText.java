package dev.culvert.server.config;

import dev.culvert.server.config.ServerConfig.Listener;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A listener as it is written: {@code udp:203.0.113.5:3478}, {@code tls:[2001:db8::5]:5349}, {@code tcp:*:3478}. */
final class ListenerText {
    static final Shape SHAPE = new Shape.Text("(udp|tcp|tls):(\\*|[0-9.]{7,15}|\\[[0-9A-Fa-f:.]{2,45}\\]):[0-9]{1,5}");

    private static final List<String> SCHEMES = List.of("udp", "tcp", "tls");

    private ListenerText() {}

    static Listener parse(String text) throws InvalidValueException {
        int colon = text.indexOf(':');
        String scheme = colon < 0 ? text : text.substring(0, colon).toLowerCase(Locale.ROOT);
        if (scheme.equals("dtls")) {
            throw new InvalidValueException("DTLS comes in a later version", "use tls:ADDR:PORT or udp:ADDR:PORT");
        }
        if (colon < 0 || !SCHEMES.contains(scheme)) {
            throw new InvalidValueException(
                    "does not begin with udp:, tcp: or tls:", "write for example udp:*:3478 or tls:[2001:db8::5]:5349");
        }
        return endpoint(Transport.valueOf(scheme.toUpperCase(Locale.ROOT)), text.substring(colon + 1));
    }

    private static Listener endpoint(Transport transport, String rest) throws InvalidValueException {
        String scheme = transport.name().toLowerCase(Locale.ROOT);
        if (rest.startsWith("*:")) {
            int port = Parsers.number(0, 0xFFFF).parse(rest.substring(2));
            return new Listener(transport, Optional.empty(), port);
        }
        Optional<TransportAddress> endpoint = TransportAddress.parse(rest);
        if (endpoint.isEmpty()) {
            throw new InvalidValueException(
                    whatIsWrong(rest), "write " + scheme + ":ADDR:PORT, " + example(rest, scheme));
        }
        return listener(transport, endpoint.get());
    }

    /** The unspecified address means every address, as {@code *} does, but of one family: it is refused as unclear. */
    private static Listener listener(Transport transport, TransportAddress endpoint) throws InvalidValueException {
        IpAddress ip = endpoint.ip();
        if (ip.high() == 0 && ip.low() == 0) {
            throw new InvalidValueException(
                    "the unspecified address",
                    "write * for every address of both families, or one address of this host");
        }
        return new Listener(transport, Optional.of(ip), endpoint.port());
    }

    private static String whatIsWrong(String rest) {
        if (rest.equals("*") || IpAddress.parse(unbracketed(rest)).isPresent()) {
            return isBareV6(rest) ? "an IPv6 address without brackets" : "the port is missing";
        }
        int colon = rest.lastIndexOf(':');
        String host = colon < 0 ? rest : rest.substring(0, colon);
        if (isBareV6(host) && IpAddress.parse(host).isPresent()) {
            return "an IPv6 address without brackets";
        }
        boolean hostIsSound = IpAddress.parse(unbracketed(host)).isPresent();
        return hostIsSound ? "the port is not a number from 0 to 65535" : "\"" + host + "\" is not an IP address";
    }

    private static String example(String rest, String scheme) {
        return "for example " + scheme + (isBareV6(rest) ? ":[2001:db8::5]:3478" : ":*:3478");
    }

    private static boolean isBareV6(String text) {
        return !text.startsWith("[") && text.indexOf(':') != text.lastIndexOf(':');
    }

    private static String unbracketed(String text) {
        return text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    }
}
