package dev.culvert.probe;

import dev.culvert.stun.StunUri;

/**
 * A server as the user names it.
 *
 * @param text as given
 * @param host a name or an address literal without brackets
 * @param port where it is asked over UDP and TCP
 * @param tlsPort where it is asked over TLS when UDP is asked, too
 * @param portGiven whether the user named the port
 * @param secure whether it was given as a {@code stuns:} URI
 */
record ServerArgument(String text, String host, int port, int tlsPort, boolean portGiven, boolean secure) {
    /** Reads {@code host[:port]}, {@code stun:host[:port]} or {@code stuns:host[:port]}. */
    static ServerArgument parse(String text) {
        String uriText = hasScheme(text) ? text : "stun:" + bracketed(text);
        StunUri uri = uri(uriText, text);
        if (uri.scheme().isTurn()) {
            throw new UsageException("server '" + text + "': this command asks STUN servers; give stun:"
                    + bracketed(uri.host()) + ", or use nat-probe turn or nat-probe gather");
        }
        boolean secure = uri.scheme().isSecure();
        // A stuns: URI says nothing about where UDP is served.
        int port = secure ? StunUri.Scheme.STUN.defaultPort() : uri.port();
        int tlsPort = secure ? uri.port() : StunUri.Scheme.STUNS.defaultPort();
        boolean portGiven = uriText.matches(".*:[0-9]+");
        return new ServerArgument(text, uri.host(), port, tlsPort, portGiven, secure);
    }

    /** Reads {@code host[:port]} or a {@code stun:}, {@code stuns:}, {@code turn:} or {@code turns:} URI as such. */
    static StunUri uri(String text) {
        return uri(hasScheme(text) ? text : "stun:" + bracketed(text), text);
    }

    /** Where it is asked over TLS when that alone is wanted: at the port that was named, if one was. */
    int onlyTlsPort() {
        return portGiven && !secure ? port : tlsPort;
    }

    private static boolean hasScheme(String text) {
        return text.matches("(?i)(stun|turn)s?:.*");
    }

    private static StunUri uri(String uriText, String text) {
        try {
            return StunUri.parse(uriText);
        } catch (IllegalArgumentException e) {
            throw new UsageException("server '" + text + "': " + e.getMessage()
                    + "; give host, host:port, [IPv6]:port, or a stun: or stuns: URI");
        }
    }

    /** A bare IPv6 address, which a URI wants in brackets; no port can follow it. */
    static String bracketed(String text) {
        boolean bareIpv6 = !text.startsWith("[") && text.indexOf(':') != text.lastIndexOf(':');
        return bareIpv6 ? "[" + text + "]" : text;
    }
}
