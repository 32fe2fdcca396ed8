package dev.culvert.ice.sip;

/** What is on the way. */
public enum SipVerdict {
    /** Every request arrived as it was sent. */
    NONE("none"),
    /** Addresses were rewritten, and all of it fits. */
    HELPFUL("helpful"),
    /** Something was rewritten, or held back, so that calls suffer. */
    BREAKING("breaking"),
    /** Too little came back to say. */
    UNKNOWN("unknown");

    private final String text;

    SipVerdict(String text) {
        this.text = text;
    }

    /** The name in reports. */
    public String text() {
        return text;
    }
}
