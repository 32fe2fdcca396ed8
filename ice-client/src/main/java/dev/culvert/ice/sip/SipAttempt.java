package dev.culvert.ice.sip;

import java.util.Optional;

/**
 * One request and what became of it.
 *
 * @param method what it asked for
 * @param transport what carried it
 * @param port the server's port
 * @param outcome in one word
 * @param detail why nothing came back; empty where something did
 * @param answer what came back
 * @param comparison the request beside what arrived; there where the answer is
 */
public record SipAttempt(
        SipMethod method,
        SipTransport transport,
        int port,
        Outcome outcome,
        String detail,
        Optional<SipAnswer> answer,
        Optional<SipComparison> comparison) {
    /** How far a request came. */
    public enum Outcome {
        ANSWERED("answered"),
        /** It was sent, and nothing came back. */
        SILENT("silent"),
        /** It was sent, and the connection was closed. */
        CLOSED("closed"),
        /** There was no connection to send it over. */
        NOT_CONNECTED("not-connected");

        private final String text;

        Outcome(String text) {
            this.text = text;
        }

        /** The name in reports. */
        public String text() {
            return text;
        }
    }

    /** A request that was answered. */
    public static SipAttempt answered(SipRequest request, SipAnswer answer) {
        return new SipAttempt(
                request.method(),
                request.transport(),
                request.server().port(),
                Outcome.ANSWERED,
                "",
                Optional.of(answer),
                Optional.of(SipComparison.of(request, answer)));
    }

    /** A request that was not. */
    public static SipAttempt failed(
            SipMethod method, SipTransport transport, int port, Outcome outcome, String detail) {
        return new SipAttempt(method, transport, port, outcome, detail, Optional.empty(), Optional.empty());
    }

    public boolean isAnswered() {
        return outcome == Outcome.ANSWERED;
    }

    /** For example {@code INVITE over udp to port 5060}. */
    @Override
    public String toString() {
        return method + " over " + transport.text() + " to port " + port;
    }
}
