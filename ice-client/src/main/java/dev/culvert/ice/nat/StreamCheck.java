package dev.culvert.ice.nat;

import dev.culvert.stun.TransportAddress;
import java.util.Optional;

/**
 * Whether a server was reached over TCP or TLS.
 *
 * @param server which one
 * @param transport over what
 * @param result how far it went
 * @param failure why there was no connection; {@code NONE} where there was one
 * @param mapped the mapped address that the server told
 * @param detail what failed, in words; empty where nothing did
 */
public record StreamCheck(
        ProbeServer server,
        Transport transport,
        Result result,
        Failure failure,
        Optional<TransportAddress> mapped,
        String detail) {
    /** Why there was no connection. */
    public enum Failure {
        NONE(""),
        REFUSED("refused"),
        TIMED_OUT("timed out"),
        UNREACHABLE("unreachable"),
        /** A connection, but no TLS over it. */
        NO_TLS("no TLS"),
        OTHER("failed");

        private final String text;

        Failure(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /** A stream transport. */
    public enum Transport {
        TCP("tcp"),
        TLS("tls");

        private final String text;

        Transport(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /** How far a check went. */
    public enum Result {
        /** A Binding was answered. */
        ANSWERED("answered"),
        /** A connection, but no answer to a Binding. */
        CONNECTED("connected"),
        /** No connection. */
        FAILED("failed");

        private final String text;

        Result(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }
}
