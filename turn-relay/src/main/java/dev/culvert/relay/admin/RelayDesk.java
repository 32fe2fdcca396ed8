package dev.culvert.relay.admin;

import dev.culvert.relay.auth.IssuedCredential;
import dev.culvert.relay.config.RelayConfig;
import dev.culvert.relay.core.AllocationView;
import dev.culvert.relay.core.Ledger;
import dev.culvert.relay.policy.PeerDecision;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** What a running relay tells of itself and takes from its operator. Used by any thread. */
public interface RelayDesk {
    /** What it is told at this moment. */
    RelayConfig config();

    /** Every allocation at this moment; costs the event loops a little for each. */
    Future<List<AllocationView>> allocations();

    /** Ends the allocation of that id; false where there is none. */
    Future<Boolean> end(long id);

    /** Who has what, and how much there may be. */
    Ledger ledger();

    /** Whether {@code peer} would be relayed to now, and what decides it. */
    PeerDecision decide(TransportAddress peer);

    /** Makes a credential that is good until that second; empty where there is no shared secret. */
    Optional<IssuedCredential> issue(String userId, long expiresAtEpochSeconds);

    /** The URIs of its listeners as clients reach them, those that other hosts reach first. */
    List<String> uris();
}
