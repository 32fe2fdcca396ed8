package dev.culvert.ice.turn;

import dev.culvert.ice.time.Earliest;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.XorPeerAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The permissions of one allocation, renewed until they are refused (RFC 8656 §9, §10). Mutable, owned by one thread. */
final class Permissions {
    /** RFC 8656 §9: a permission lasts five minutes. */
    private static final long LIFETIME_NANOS = Duration.ofMinutes(5).toNanos();

    private static final long RENEWAL_NANOS = Duration.ofMinutes(4).toNanos();

    /** In the order of asking, so that two runs of one seed renew alike. */
    private final Map<IpAddress, Lease> byPeer = new LinkedHashMap<>();

    private final TurnTransactions transactions;
    private final Loss loss;

    Permissions(TurnTransactions transactions, Loss loss) {
        this.transactions = transactions;
        this.loss = loss;
    }

    /** Asks for a permission, unless it is there or asked for. */
    void ask(IpAddress peer, long nowNanos, TurnOutput out) {
        Lease known = byPeer.get(peer);
        if (known != null && known.isExpected()) {
            return;
        }
        Lease lease = new Lease();
        byPeer.put(peer, lease);
        request(peer, lease, nowNanos, out);
    }

    /** One request for each peer, since a server that refuses one of several refuses them all. */
    private void request(IpAddress peer, Lease lease, long nowNanos, TurnOutput out) {
        // RFC 8656 §10.1: the port is ignored.
        XorPeerAddress attribute = new XorPeerAddress(new TransportAddress(peer, 0));
        TurnRequest.Conclusion conclusion = new Conclusion(peer, lease);
        transactions.start(
                new TurnRequest(StunMethod.CREATE_PERMISSION, List.of(attribute), conclusion), nowNanos, out);
    }

    /** Lets the permission run out. */
    void release(IpAddress peer) {
        Lease lease = byPeer.remove(peer);
        if (lease != null) {
            lease.release();
        }
    }

    /** The server has installed or renewed the permission, by a request sent at {@code sentNanos}. */
    void grant(IpAddress peer, long sentNanos, TurnOutput out) {
        Lease lease = byPeer.computeIfAbsent(peer, absent -> new Lease());
        boolean isNew = !lease.isHeld();
        lease.grant(sentNanos + LIFETIME_NANOS, sentNanos + RENEWAL_NANOS);
        if (isNew) {
            out.onEvent(new TurnEvent.PermissionInstalled(peer));
        }
    }

    /** Whether the server lets packets to this peer through. */
    boolean isInstalled(IpAddress peer) {
        Lease lease = byPeer.get(peer);
        return lease != null && lease.isHeld();
    }

    /** Whether packets from this peer may come: the answer to the request may be later than they. */
    boolean isExpected(IpAddress peer) {
        Lease lease = byPeer.get(peer);
        return lease != null && lease.isExpected();
    }

    void onTimeout(long nowNanos, TurnOutput out) {
        for (Map.Entry<IpAddress, Lease> entry : new ArrayList<>(byPeer.entrySet())) {
            if (entry.getValue().takeRenewal(nowNanos)) {
                request(entry.getKey(), entry.getValue(), nowNanos, out);
            }
        }
    }

    void includeIn(Earliest deadline) {
        byPeer.values().forEach(lease -> lease.includeIn(deadline));
    }

    void clear() {
        byPeer.clear();
    }

    private final class Conclusion implements TurnRequest.Conclusion {
        private final IpAddress peer;
        private final Lease lease;

        Conclusion(IpAddress peer, Lease lease) {
            this.peer = peer;
            this.lease = lease;
        }

        @Override
        public void onSuccess(StunMessage answer, long sentNanos, long nowNanos, TurnOutput out) {
            if (lease.isExpected()) {
                grant(peer, sentNanos, out);
            }
        }

        @Override
        public void onFailure(TurnFailure failure, long nowNanos, TurnOutput out) {
            if (failure.isMismatch()) {
                loss.onAllocationLost(failure, nowNanos, out);
            } else if (lease.isExpected() && lease.endsBy(failure, nowNanos)) {
                byPeer.remove(peer, lease);
                out.onEvent(new TurnEvent.PermissionFailed(peer, failure));
            }
        }
    }
}
