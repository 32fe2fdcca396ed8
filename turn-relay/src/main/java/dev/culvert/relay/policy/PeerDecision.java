package dev.culvert.relay.policy;

import dev.culvert.stun.IpAddress;

/**
 * Whether a peer may be relayed to, and what decides it.
 *
 * @param ground what decides
 * @param reading how the peer's address was read when it was decided
 * @param judged the address that was read
 */
public record PeerDecision(Ground ground, AddressReading reading, IpAddress judged) {
    /** Whether the peer may be relayed to. */
    public boolean isAllowed() {
        return ground.allows();
    }

    /** One line for a log or a person: {@code denied: built-in deny 10.0.0.0/8 (Private-Use, RFC 1918)}. */
    @Override
    public String toString() {
        String outcome = (isAllowed() ? "allowed: " : "denied: ") + ground;
        return reading == AddressReading.AS_WRITTEN ? outcome : outcome + ", read as " + judged + " (" + reading + ")";
    }
}
