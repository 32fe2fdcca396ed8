package dev.culvert.relay.core;

import dev.culvert.relay.policy.AddressReading;
import dev.culvert.relay.policy.Ground.Standing;
import dev.culvert.relay.policy.PeerDecision;
import dev.culvert.relay.policy.PeerPolicy;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.util.Optional;

/** Which peers may be relayed to, by the policy of the moment. Owned by one thread. */
final class Peers {
    private static final int NO_PORT = 0;

    private PeerPolicy policy;

    Peers(PeerPolicy policy) {
        this.policy = policy;
    }

    void replace(PeerPolicy newPolicy) {
        policy = newPolicy;
    }

    /** Whether a permission may be for {@code peer}: some port of it is allowed. */
    boolean allows(IpAddress peer) {
        return policy.decide(peer).isAllowed();
    }

    /** Why no permission may be for {@code peer}. */
    Refusal refusal(IpAddress peer) {
        return refusal(peer, policy.decide(peer));
    }

    /** Why no channel may be bound to {@code peer}. */
    Refusal refusal(TransportAddress peer) {
        return peer.port() == NO_PORT
                ? new Refusal(RefusalReason.POLICY, "nobody is reached at port 0", Optional.of(peer.ip()))
                : refusal(peer.ip(), policy.decide(peer));
    }

    private static Refusal refusal(IpAddress peer, PeerDecision decision) {
        String reading = decision.reading() == AddressReading.AS_WRITTEN ? "" : ", read as " + decision.reading();
        String words = "the peer is denied by " + decision.ground() + reading;
        return new Refusal(RefusalReason.POLICY, words, Optional.of(peer));
    }

    /** Whether a packet may go to or come from {@code peer}. Allocates nothing. */
    boolean allows(TransportAddress peer) {
        return allows(peer.ip(), peer.port());
    }

    /** Whether a packet may go to or come from {@code peer} at {@code port}. Allocates nothing. */
    boolean allows(IpAddress peer, int port) {
        // Nobody can be reached at port 0 (RFC 8085 §5.1).
        return port != NO_PORT && policy.allows(peer, port);
    }

    /** Whether {@code peer} is allowed for being a relay port of this server, which may end any time. */
    boolean isOwnRelay(TransportAddress peer) {
        return policy.decide(peer).ground() == Standing.RELAY_ADDRESS;
    }
}
