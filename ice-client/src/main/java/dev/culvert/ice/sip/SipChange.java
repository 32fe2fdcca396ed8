package dev.culvert.ice.sip;

/**
 * What was rewritten on the way.
 *
 * @param place where in the message
 * @param sent as it was sent; empty where it was added on the way
 * @param received as it arrived; empty where it was taken out
 */
public record SipChange(SipPlace place, String sent, String received) {
    /** For example {@code Via 192.168.7.2:5062 → 203.0.113.10:5062}. */
    @Override
    public String toString() {
        return place.text() + " " + values();
    }

    /** For example {@code 192.168.7.2:5062 → 203.0.113.10:5062}. */
    public String values() {
        return (sent.isEmpty() ? "nothing" : sent) + " → " + (received.isEmpty() ? "nothing" : received);
    }
}
