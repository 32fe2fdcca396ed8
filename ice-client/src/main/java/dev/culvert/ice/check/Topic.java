package dev.culvert.ice.check;

/** What a server is asked about, in the order in which it is told. */
public enum Topic {
    BINDING("Binding"),
    RESPONSE_SOURCE("source of answers"),
    XOR_MAPPED_ADDRESS("XOR-MAPPED-ADDRESS"),
    MAPPED_ADDRESS("MAPPED-ADDRESS"),
    CLASSIC("RFC 3489 clients"),
    FINGERPRINT("FINGERPRINT"),
    UNKNOWN_ATTRIBUTES("unknown attributes"),
    SOFTWARE("SOFTWARE"),
    RESPONSE_ORIGIN("RESPONSE-ORIGIN"),
    OTHER_ADDRESS("OTHER-ADDRESS"),
    ALTERNATES("all four addresses"),
    CHANGE_NOTHING("CHANGE-REQUEST nothing"),
    CHANGE_PORT("CHANGE-REQUEST port"),
    CHANGE_IP("CHANGE-REQUEST ip"),
    CHANGE_IP_AND_PORT("CHANGE-REQUEST ip+port"),
    RESPONSE_PORT("RESPONSE-PORT"),
    PADDING("PADDING"),
    RECEIPTS("receipts"),
    AMPLIFICATION("amplification"),
    TURN("TURN"),
    TCP("TCP"),
    TLS("TLS"),
    CERTIFICATE("certificate");

    private final String title;

    Topic(String title) {
        this.title = title;
    }

    /** The name for people. */
    public String title() {
        return title;
    }
}
