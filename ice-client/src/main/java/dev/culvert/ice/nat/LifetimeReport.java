package dev.culvert.ice.nat;

import dev.culvert.stun.TransportAddress;
import java.util.List;
import java.util.Optional;

/**
 * How long idle mappings live.
 *
 * @param server who was asked
 * @param method how the state of an idle mapping was found out
 * @param methodWhy why it is not the best one; empty where it is
 * @param translated whether the server saw another address than the host's own; where not, it is the state of a
 *     firewall that is measured
 * @param external where the server saw the first socket; empty where it did not answer
 * @param fresh the lifetime after one packet
 * @param stream the lifetime after traffic both ways
 * @param rungs every mapping that was watched, by ladder and idle time
 * @param keepalive what to do about it
 * @param caveats what makes the result doubtful, in words
 * @param loss the share of round trips lost, 0–1
 */
public record LifetimeReport(
        ProbeServer server,
        Method method,
        String methodWhy,
        boolean translated,
        Optional<TransportAddress> external,
        LifetimeInterval fresh,
        LifetimeInterval stream,
        List<LifetimeRung> rungs,
        KeepaliveAdvice keepalive,
        List<String> caveats,
        double loss) {
    /** How the state of an idle mapping is found out. */
    public enum Method {
        /** The server is asked to answer to it from a second socket (RFC 5780 §4.6). */
        RESPONSE_PORT("response-port"),
        /** It is used again: another external port means that it was gone; the same one says little by itself. */
        MAPPING_CHANGE("mapping-change"),
        /** Not at all: the server did not answer. */
        NONE("none");

        private final String text;

        Method(String text) {
            this.text = text;
        }

        /** The name in reports. */
        public String text() {
            return text;
        }
    }

    public LifetimeReport {
        rungs = List.copyOf(rungs);
        caveats = List.copyOf(caveats);
    }

    /** Whether the server answered at all. */
    public boolean answered() {
        return method != Method.NONE;
    }
}
