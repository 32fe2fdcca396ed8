package dev.culvert.relay.config;

import dev.culvert.relay.config.RelayConfig.MintingListener;
import dev.culvert.server.config.InvalidValueException;
import dev.culvert.stun.TransportAddress;
import java.util.Locale;
import java.util.regex.Pattern;

/** How the endpoint of time-limited credentials is written. */
final class MintingText {
    private static final String TLS = "tls:";
    private static final Pattern ORIGIN =
            Pattern.compile("https?://([a-z0-9-]+(\\.[a-z0-9-]+)*|\\[[0-9a-f:]+])(:[0-9]{1,5})?");

    private MintingText() {}

    /** {@code ADDR:PORT} or {@code tls:ADDR:PORT}. */
    static MintingListener listener(String text) throws InvalidValueException {
        boolean isTls = text.startsWith(TLS);
        TransportAddress address = TransportAddress.parse(isTls ? text.substring(TLS.length()) : text)
                .orElseThrow(() -> new InvalidValueException(
                        "not ADDR:PORT or tls:ADDR:PORT", "write for example 127.0.0.1:9643 or tls:203.0.113.5:8443"));
        return new MintingListener(address, isTls);
    }

    /** The origin of a web page as browsers send it (RFC 6454 §6.1). */
    static String origin(String text) throws InvalidValueException {
        String origin = text.toLowerCase(Locale.ROOT);
        if (!ORIGIN.matcher(origin).matches()) {
            throw new InvalidValueException(
                    "not an origin",
                    "write scheme, host and port where it is unusual, for example https://app.example.org");
        }
        return origin;
    }
}
