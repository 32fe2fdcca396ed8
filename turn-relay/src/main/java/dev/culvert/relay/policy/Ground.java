package dev.culvert.relay.policy;

/** Why a peer is allowed or denied. Every ground exists before it is asked for, so that naming one allocates nothing. */
public sealed interface Ground {
    /** Whether it allows the peer. */
    boolean allows();

    /** A rule of the operator. */
    record OperatorRule(PeerRule rule) implements Ground {
        @Override
        public boolean allows() {
            return rule.allows();
        }

        @Override
        public String toString() {
            return rule.toString();
        }
    }

    /**
     * A rule that holds unless the operator allows the same prefix or a longer one.
     *
     * @param prefix the addresses that it denies
     * @param reason what they are for, and who says so
     */
    record BuiltInDeny(IpPrefix prefix, String reason) implements Ground {
        @Override
        public boolean allows() {
            return false;
        }

        @Override
        public String toString() {
            return "built-in deny " + prefix + " (" + reason + ")";
        }
    }

    /** Grounds that are no rule about a prefix. */
    enum Standing implements Ground {
        RELAY_ADDRESS(true, "a relay address of this server"),
        OWN_ADDRESS(false, "an address of this server that is no relay address in use"),
        NO_RULE(true, "no rule denies it");

        private final boolean allows;
        private final String text;

        Standing(boolean allows, String text) {
            this.allows = allows;
            this.text = text;
        }

        @Override
        public boolean allows() {
            return allows;
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
