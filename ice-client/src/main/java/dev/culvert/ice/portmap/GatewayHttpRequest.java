package dev.culvert.ice.portmap;

import dev.culvert.stun.TransportAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * An HTTP request to the router.
 *
 * @param id tells to what an answer belongs
 * @param server the host and port
 * @param path begins with a slash, and may have a query
 * @param soapAction the SOAPACTION header of a POST; empty for a GET
 * @param body of a POST, XML in UTF-8; empty for a GET
 */
public record GatewayHttpRequest(long id, TransportAddress server, String path, String soapAction, String body) {
    /** How long the whole answer may take. */
    public static final Duration TIMEOUT = Duration.ofSeconds(4);

    /** Longer answers are a failure; the longest descriptions seen have a quarter of this. */
    public static final int MAX_ANSWER_BYTES = 1 << 17;

    /** Whether it is a POST. */
    public boolean isPost() {
        return !soapAction.isEmpty();
    }

    /** The body as bytes. */
    public byte[] bodyBytes() {
        return body.getBytes(StandardCharsets.UTF_8);
    }
}
