package dev.culvert.server.core;

/** What a server counts. */
public enum Counter {
    BINDING_REQUESTS("Binding requests of either kind, those without an answer included"),
    BINDING_REQUEST_BYTES("bytes of Binding requests"),
    CLASSIC_REQUESTS("Binding requests without magic cookie (RFC 3489)"),
    BINDING_SUCCESSES("success answers"),
    BAD_REQUESTS("error answers with code 400"),
    UNKNOWN_ATTRIBUTES("error answers with code 420"),
    BINDING_ANSWER_BYTES("bytes of all answers, receipts included"),
    RECEIPTS("receipts sent to probes (--receipts)"),
    RATE_LIMITED("requests dropped because their source prefix had its share (--unauthenticated-rate)"),
    INDICATIONS("indications, which are not answered"),
    STRAY_RESPONSES("responses to nothing that was asked"),
    UNSUPPORTED_METHODS("requests of a method that this server does not offer"),
    WRONG_FINGERPRINTS("messages whose FINGERPRINT does not fit"),
    SIP_REQUESTS("marked SIP requests, those without an answer included (--sip-reflector)"),
    SIP_REQUEST_BYTES("bytes of these"),
    SIP_ANSWERS("answers to them"),
    SIP_ANSWER_BYTES("bytes of these answers, each at most as long as its request"),
    SIP_REFUSED("SIP requests that bear no mark, are odd, or leave no room for the answer; they get none"),
    NOT_STUN("packets or frames that do not begin as STUN does"),
    MALFORMED("STUN headers with something wrong behind them"),
    SEND_FAILURES("answers that the network stack refused or had no room for"),
    UNEXPECTED_FAILURES("exceptions at the edge; anything but 0 is a defect"),
    CONNECTIONS_OPENED("TCP and TLS connections opened"),
    CONNECTIONS_CLOSED("TCP and TLS connections closed"),
    CONNECTIONS_REFUSED(
            "connections closed at once because of a cap (--max-connections, --max-connections-per-prefix)"),
    BAD_FRAMES("connections closed because of bytes that are not STUN, or no PROXY header (--proxy-protocol)"),
    TLS_HANDSHAKE_FAILURES("TLS handshakes that failed");

    private final String meaning;

    Counter(String meaning) {
        this.meaning = meaning;
    }

    /** What is counted, in words. */
    public String meaning() {
        return meaning;
    }
}
