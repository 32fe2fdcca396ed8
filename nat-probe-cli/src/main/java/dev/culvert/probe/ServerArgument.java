package dev.culvert.probe;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server as the user names it.
 *
 * @param text as given
 * @param host a name or an address literal without brackets
 * @param port where it is asked
 * @param tlsPort where it is asked over TLS
 */
record ServerArgument(String text, String host, int port, int tlsPort) {
    private static final int STUN_PORT = 3478;
    private static final int STUNS_PORT = 5349;

    /** RFC 7064 §3.1, and the bare {@code host[:port]}. */
    private static final Pattern FORM = Pattern.compile(
            "(?:(?<scheme>stuns?):(?://)?)?(?:\\[(?<v6>[0-9a-fA-F:.]+)]|(?<host>[^\\[\\]:/?#@\\s]+)|(?<bare>[0-9a-fA-F:.]*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]*))"
                    + "(?::(?<port>[0-9]{1,5}))?",
            Pattern.CASE_INSENSITIVE);

    /** Reads {@code host[:port]}, {@code stun:host[:port]} or {@code stuns:host[:port]}. */
    static ServerArgument parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new UsageException("server '" + text
                    + "': not understood; give host, host:port, [IPv6]:port, or a stun: or stuns: URI");
        }
        String host = matcher.group("v6") != null ? matcher.group("v6") : matcher.group("host");
        if (host == null) {
            host = matcher.group("bare");
        }
        String portText = matcher.group("port");
        if (portText == null) {
            return new ServerArgument(text, host, STUN_PORT, STUNS_PORT);
        }
        int port = Integer.parseInt(portText);
        if (port < 1 || port > 0xFFFF) {
            throw new UsageException("server '" + text + "': port " + port + " does not exist; give 1 to 65535");
        }
        boolean secure = "stuns".equalsIgnoreCase(matcher.group("scheme"));
        return new ServerArgument(text, host, port, secure ? port : STUNS_PORT);
    }
}
