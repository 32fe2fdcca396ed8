package dev.culvert.ice.sip;

/** What carries a request. */
public enum SipTransport {
    UDP("udp"),
    TCP("tcp");

    private final String text;

    SipTransport(String text) {
        this.text = text;
    }

    /** The name in reports. */
    public String text() {
        return text;
    }
}
