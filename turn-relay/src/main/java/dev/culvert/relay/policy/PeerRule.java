package dev.culvert.relay.policy;

import dev.culvert.server.config.InvalidValueException;

/**
 * One rule of the operator: whether peers in a prefix, at these ports, may be relayed to.
 *
 * @param action what happens to those peers
 * @param prefix their addresses
 * @param ports their ports
 */
public record PeerRule(Action action, IpPrefix prefix, Ports ports) {
    /** What a rule does. */
    public enum Action {
        ALLOW("--allow-peer"),
        DENY("--deny-peer");

        private final String option;

        Action(String option) {
            this.option = option;
        }

        /** The option that writes such a rule. */
        public String option() {
            return option;
        }
    }

    /**
     * The rule that {@code --allow-peer} writes.
     *
     * @param text {@code CIDR[:PORTS]}; an IPv6 prefix stands in brackets when ports follow
     * @throws InvalidValueException if it is none
     */
    public static PeerRule allow(String text) throws InvalidValueException {
        return PeerRuleText.parse(Action.ALLOW, text);
    }

    /**
     * The rule that {@code --deny-peer} writes.
     *
     * @param text {@code CIDR[:PORTS]}; an IPv6 prefix stands in brackets when ports follow
     * @throws InvalidValueException if it is none
     */
    public static PeerRule deny(String text) throws InvalidValueException {
        return PeerRuleText.parse(Action.DENY, text);
    }

    /** Whether it allows what it matches. */
    public boolean allows() {
        return action == Action.ALLOW;
    }

    /** What stands behind the option; parses to the same rule. */
    public String text() {
        if (ports.isAll()) {
            return prefix.toString();
        }
        return prefix.isIpv4() ? prefix + ":" + ports : "[" + prefix + "]:" + ports;
    }

    /** The rule as it is given on the command line. */
    @Override
    public String toString() {
        return action.option() + " " + text();
    }
}
