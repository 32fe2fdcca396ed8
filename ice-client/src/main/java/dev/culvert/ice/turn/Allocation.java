package dev.culvert.ice.turn;

import dev.culvert.ice.time.Earliest;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.AddressErrorCode;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.ReservationToken;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.stun.attribute.XorRelayedAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The client's copy of its allocation: made, refreshed, deleted (RFC 8656 §7, §8). Mutable, owned by one thread. */
final class Allocation {
    /** RFC 8656 §8: it is suggested to refresh roughly a minute before the end. */
    private static final long REFRESH_BEFORE_NANOS = Duration.ofMinutes(1).toNanos();

    private final TurnTransactions transactions;
    private final Loss loss;
    private State state = State.NONE;
    private AllocateOptions options = AllocateOptions.defaults();
    private List<TransportAddress> relayed = List.of();
    private Duration lifetime = Duration.ZERO;
    private Lease lease = new Lease();

    private enum State {
        NONE,
        ALLOCATING,
        ACTIVE,
        /** To be deleted as soon as the Allocate request is answered. */
        UNWANTED,
        DELETING
    }

    Allocation(TurnTransactions transactions, Loss loss) {
        this.transactions = transactions;
        this.loss = loss;
    }

    void allocate(AllocateOptions wanted, long nowNanos, TurnOutput out) {
        if (state != State.NONE) {
            throw new IllegalStateException("there is an allocation on this flow: " + state);
        }
        state = State.ALLOCATING;
        options = wanted;
        lease = new Lease();
        transactions.start(
                new TurnRequest(StunMethod.ALLOCATE, wanted.toAttributes(), new Allocating()), nowNanos, out);
    }

    boolean isActive() {
        return state == State.ACTIVE;
    }

    List<TransportAddress> relayed() {
        return relayed;
    }

    void onTimeout(long nowNanos, TurnOutput out) {
        if (state == State.ACTIVE && lease.takeRenewal(nowNanos)) {
            // RFC 8656 §8.1: without REQUESTED-ADDRESS-FAMILY the refresh is for both of a dual allocation.
            refresh(options.lifetime(), new Refreshing(), nowNanos, out);
        }
    }

    void includeIn(Earliest deadline) {
        if (state == State.ACTIVE) {
            lease.includeIn(deadline);
        }
    }

    void close(long nowNanos, TurnOutput out) {
        switch (state) {
            case NONE -> out.onEvent(new TurnEvent.Closed());
            // The request may have reached the server, which would keep the allocation for its whole lifetime.
            case ALLOCATING -> state = State.UNWANTED;
            case ACTIVE -> {
                transactions.clear();
                delete(new TurnEvent.Closed(), nowNanos, out);
            }
            case UNWANTED, DELETING -> {}
        }
    }

    /** Deletes the allocation and then tells {@code event}. */
    private void delete(TurnEvent event, long nowNanos, TurnOutput out) {
        relayed = List.of();
        state = State.DELETING;
        refresh(List.of(new Lifetime(0)), new Deleting(event), nowNanos, out);
    }

    /** There is no allocation any more. */
    void forget() {
        state = State.NONE;
        relayed = List.of();
    }

    private void refresh(List<Attribute> attributes, TurnRequest.Conclusion conclusion, long nowNanos, TurnOutput out) {
        transactions.start(new TurnRequest(StunMethod.REFRESH, attributes, conclusion), nowNanos, out);
    }

    private void grant(Duration granted, long sentNanos) {
        lifetime = granted;
        long beforeNanos = Math.min(REFRESH_BEFORE_NANOS, granted.toNanos() / 2);
        long expiryNanos = sentNanos + granted.toNanos();
        lease.grant(expiryNanos, expiryNanos - beforeNanos);
    }

    /** What {@code answer} grants; empty where that is not what was asked for. */
    private Optional<TurnEvent.Allocated> grantIn(StunMessage answer) {
        List<TransportAddress> addresses = answer.all(XorRelayedAddress.TYPE).stream()
                .map(XorRelayedAddress::address)
                .toList();
        Optional<Duration> lifetime = answer.get(Lifetime.TYPE)
                .filter(granted -> granted.seconds() > 0)
                .map(granted -> Duration.ofSeconds(granted.seconds()));
        Optional<TransportAddress> mapped = answer.get(XorMappedAddress.TYPE).map(XorMappedAddress::address);
        List<AddressFamily> families =
                addresses.stream().map(address -> address.ip().family()).toList();
        // RFC 8656 §7.3: the addresses must be of families that the client is prepared to handle.
        if (!options.accepts(families) || lifetime.isEmpty() || mapped.isEmpty()) {
            return Optional.empty();
        }
        List<Long> reservations = answer.get(ReservationToken.TYPE).stream()
                .map(ReservationToken::token)
                .toList();
        return Optional.of(new TurnEvent.Allocated(
                addresses, mapped.get(), lifetime.get(), reservations, answer.all(AddressErrorCode.TYPE)));
    }

    private final class Allocating implements TurnRequest.Conclusion {
        @Override
        public void onSuccess(StunMessage answer, long sentNanos, long nowNanos, TurnOutput out) {
            if (state == State.UNWANTED) {
                delete(new TurnEvent.Closed(), nowNanos, out);
                return;
            }
            Optional<TurnEvent.Allocated> granted = grantIn(answer);
            if (granted.isEmpty()) {
                // RFC 8656 §7.3: what the client cannot use it must delete.
                TurnFailure failure = new TurnFailure.UnusableAnswer("an allocation that was not asked for");
                delete(new TurnEvent.AllocationFailed(failure), nowNanos, out);
                return;
            }
            state = State.ACTIVE;
            relayed = granted.get().relayed();
            grant(granted.get().lifetime(), sentNanos);
            out.onEvent(granted.get());
        }

        @Override
        public void onFailure(TurnFailure failure, long nowNanos, TurnOutput out) {
            TurnEvent event =
                    state == State.UNWANTED ? new TurnEvent.Closed() : new TurnEvent.AllocationFailed(failure);
            forget();
            out.onEvent(event);
        }
    }

    private final class Refreshing implements TurnRequest.Conclusion {
        @Override
        public void onSuccess(StunMessage answer, long sentNanos, long nowNanos, TurnOutput out) {
            Duration granted = answer.get(Lifetime.TYPE)
                    .map(value -> Duration.ofSeconds(value.seconds()))
                    .orElse(lifetime);
            if (granted.isZero()) {
                loss.onAllocationLost(new TurnFailure.UnusableAnswer("a refresh for no time"), nowNanos, out);
                return;
            }
            grant(granted, sentNanos);
        }

        @Override
        public void onFailure(TurnFailure failure, long nowNanos, TurnOutput out) {
            // RFC 8656 §8.3: after a 437 the allocation no longer exists.
            if (lease.endsBy(failure, nowNanos)) {
                loss.onAllocationLost(failure, nowNanos, out);
            }
        }
    }

    /** RFC 8656 §8.3: a 437 to a deletion is as good as a success, and after silence nobody can tell. */
    private final class Deleting implements TurnRequest.Conclusion {
        private final TurnEvent event;

        Deleting(TurnEvent event) {
            this.event = event;
        }

        @Override
        public void onSuccess(StunMessage answer, long sentNanos, long nowNanos, TurnOutput out) {
            end(out);
        }

        @Override
        public void onFailure(TurnFailure failure, long nowNanos, TurnOutput out) {
            end(out);
        }

        private void end(TurnOutput out) {
            forget();
            out.onEvent(event);
        }
    }
}
