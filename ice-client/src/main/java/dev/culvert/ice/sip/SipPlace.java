package dev.culvert.ice.sip;

/** A place in a SIP message that something on the way may rewrite. */
public enum SipPlace {
    /** The sent-by of the topmost Via: where a server would answer without rport. */
    VIA("Via"),
    /** The host and port of Contact: where later requests are sent. */
    CONTACT("Contact"),
    /** The address in o= of the SDP. */
    ORIGIN("o="),
    /** The address in c= of the SDP: where media are sent. */
    CONNECTION("c="),
    /** The port in m= of the SDP: where media are sent. */
    MEDIA("m="),
    CONTENT_LENGTH("Content-Length"),
    /** Any other line; both sides are the whole line. */
    OTHER("other"),
    /** The sent-by of the Via in the answer: as it arrived at the server, and as it came back. */
    ANSWER_VIA("Via of the answer"),
    /** received and rport of the answer: the source that the server saw, and what came back. */
    ANSWER_SOURCE("received and rport of the answer");

    private final String text;

    SipPlace(String text) {
        this.text = text;
    }

    /** The name for people and in reports. */
    public String text() {
        return text;
    }
}
