package dev.culvert.ice.nat;

/**
 * Whether UDP datagrams that need several IP packets pass (RFC 4787 §10, §11).
 *
 * @param outgoing from this host to the server
 * @param incoming from the server to this host
 * @param why one of them is not known; empty where both are
 */
public record FragmentBehavior(Fate outgoing, Fate incoming, String why) {
    /** Nothing was tried. */
    static final FragmentBehavior UNTRIED = new FragmentBehavior(Fate.UNKNOWN, Fate.UNKNOWN, "not tried");

    /** What becomes of such datagrams. */
    public enum Fate {
        PASS("pass"),
        /** They do not arrive: dropped by a NAT, by another box on the way, or at the server. */
        DROPPED("dropped"),
        UNKNOWN("unknown");

        private final String text;

        Fate(String text) {
            this.text = text;
        }

        /** The name in reports. */
        public String text() {
            return text;
        }
    }
}
