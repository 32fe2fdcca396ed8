package dev.culvert.ice.sip;

/**
 * What a rewriting broke.
 *
 * @param kind in one word
 * @param detail for people, with the values
 */
public record SipFault(Kind kind, String detail) {
    /** In what way calls suffer. */
    public enum Kind {
        /** RFC 3261 §18.3: the body is cut off, or its end waited for in vain. */
        CONTENT_LENGTH("content-length", "the other side cuts the message off, waits for more, or refuses it"),
        /** Some places name the NAT and others still the private address. */
        PARTIAL("partial", "calls come in but have no sound, or the other way round"),
        /** What was put in is neither what was sent nor where the request came from. */
        WRONG_ADDRESS("wrong-address", "requests or media go to somebody else"),
        /** A line that a call needs is gone. */
        LOST("lost", "the other side refuses the message"),
        /** RFC 3261 §18.1.2: a client discards answers whose Via is not its own. */
        VIA_NOT_RESTORED("via-not-restored", "a strict client discards the answer"),
        /** The answer names a source that is neither the NAT nor this host. */
        WRONG_SOURCE("wrong-source", "a client that asks with rport learns a wrong address"),
        /** Nothing comes through at a port at which other packets do. */
        VANISHED("vanished", "no call can be made over this port");

        private final String text;
        private final String meaning;

        Kind(String text, String meaning) {
            this.text = text;
            this.meaning = meaning;
        }

        /** The name in reports. */
        public String text() {
            return text;
        }

        /** What follows from it, for people. */
        public String meaning() {
            return meaning;
        }
    }
}
