package dev.culvert.relay.core;

import dev.culvert.relay.auth.Credential;
import dev.culvert.relay.core.Answer.ErrorReply;
import dev.culvert.relay.core.Answer.Success;
import dev.culvert.relay.core.OpenedPorts.Bound;
import dev.culvert.relay.core.OpenedPorts.None;
import dev.culvert.relay.core.PortPool.Choice;
import dev.culvert.relay.core.Redemption.Redeemed;
import dev.culvert.relay.core.RelayEvent.AllocationCreated;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.attribute.AddressErrorCode;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.ReservationToken;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.stun.attribute.XorRelayedAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Makes allocations for Allocate requests that are in order (RFC 8656 §7.2), as far as there is room. */
final class AllocationMaker {
    /** RFC 8656 §7.2: a reservation is held for at least 30 seconds. */
    private static final long RESERVATION_NANOS = 30_000_000_000L;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Supplier<RelaySettings> settings;
    private final Allocations allocations;
    private final Ledger ledger;
    private final PortSource ports;
    private final RandomGenerator random;

    /** How often an allocation is told while it lasts; 0 for never. */
    private long reportNanos;

    AllocationMaker(
            Supplier<RelaySettings> settings,
            Allocations allocations,
            Ledger ledger,
            PortSource ports,
            RandomGenerator random) {
        this.settings = settings;
        this.allocations = allocations;
        this.ledger = ledger;
        this.ports = ports;
        this.random = random;
    }

    /** Has allocations that begin from now on told so often. */
    void reportEvery(long intervalNanos) {
        reportNanos = intervalNanos;
    }

    /** An allocation with one relayed address; with {@link Choice#PAIR} the next port is reserved. */
    Answer allocate(Request request, AddressFamily family, Choice choice) {
        String userId = request.credential().userId();
        int units = choice == Choice.PAIR ? 2 : 1;
        int admission = admit(userId, units);
        // RFC 8656 §7.2 (10): a quota that is reached is a 486.
        if (admission != Ledger.ADMITTED) {
            return ErrorReply.of(admission, ledger.refusal(admission));
        }
        OpenedPorts opened = ports.open(request, family, choice);
        if (opened instanceof None none) {
            leave(userId, units);
            return ErrorReply.of(none.code(), none.why());
        }
        Bound bound = (Bound) opened;
        Allocation allocation = begin(request);
        addRelay(request, allocation, bound.ports().get(0), bound.address());
        if (choice == Choice.PAIR) {
            allocation.extras.add(reserve(request, bound.ports().get(1), bound.address()));
        }
        return finish(request, allocation);
    }

    /** An allocation with an IPv4 and an IPv6 address, or with one of them if the other cannot be had. */
    Answer allocateBoth(Request request, Choice choice) {
        String userId = request.credential().userId();
        int admission = admit(userId, 1);
        if (admission != Ledger.ADMITTED) {
            return ErrorReply.of(admission, ledger.refusal(admission));
        }
        OpenedPorts v4 = ports.open(request, AddressFamily.IPV4, choice);
        OpenedPorts v6 = ports.open(request, AddressFamily.IPV6, choice);
        // RFC 8656 §7.2 (9): with neither of them it is a 508.
        if (v4 instanceof None none && v6 instanceof None) {
            leave(userId, 1);
            return ErrorReply.of(Ledger.FULL, none.why());
        }
        Allocation allocation = begin(request);
        add(request, allocation, AddressFamily.IPV4, v4);
        add(request, allocation, AddressFamily.IPV6, v6);
        return finish(request, allocation);
    }

    private void add(Request request, Allocation allocation, AddressFamily family, OpenedPorts opened) {
        if (opened instanceof Bound bound) {
            addRelay(request, allocation, bound.ports().get(0), bound.address());
            return;
        }
        // RFC 8656 §7.2 (9): ADDRESS-ERROR-CODE says why one of the two is missing.
        allocation.extras.add(AddressErrorCode.of(family, ((None) opened).code()));
    }

    /** An allocation with the relayed address that was reserved under {@code token}. */
    Answer redeem(Request request, ReservationToken token) {
        Redemption redemption =
                ledger.redeem(token.token(), request.credential().userId(), request.nowNanos());
        if (redemption instanceof Redemption.Refused refused) {
            return ErrorReply.of(refused.code(), refused.why());
        }
        Reservation reservation = ((Redeemed) redemption).reservation();
        Allocation allocation = begin(request);
        addRelay(request, allocation, reservation.port(), reservation.address());
        return finish(request, allocation);
    }

    private int admit(String userId, int units) {
        for (int i = 0; i < units; i++) {
            int admission = ledger.admit(userId);
            if (admission != Ledger.ADMITTED) {
                leave(userId, i);
                return admission;
            }
        }
        return Ledger.ADMITTED;
    }

    private void leave(String userId, int units) {
        for (int i = 0; i < units; i++) {
            ledger.leave(userId);
        }
    }

    private Allocation begin(Request request) {
        Credential owner = request.credential();
        boolean endsWithCredential =
                settings.get().endsWithCredential() && owner.expiresAtEpochSeconds() != Credential.NEVER;
        // No lifetime is longer than the longest one, so that the sum does not overflow.
        long left = Math.min(
                owner.expiresAtEpochSeconds() - request.epochSeconds(),
                settings.get().maxLifetimeSeconds());
        long credentialUntilNanos = request.nowNanos() + (endsWithCredential ? left * NANOS_PER_SECOND : 0);
        return new Allocation(
                ledger.nextAllocationId(),
                request.flow(),
                request.out().attach(request.flow()),
                owner,
                request.message().transactionId(),
                ledger.share(owner.userId()),
                allocations.census,
                request.nowNanos(),
                endsWithCredential,
                credentialUntilNanos);
    }

    private void addRelay(Request request, Allocation allocation, RelayPort port, RelayAddress address) {
        Lifetime requested = request.message().get(Lifetime.TYPE).orElse(new Lifetime(0));
        long untilNanos =
                allocation.untilNanos(request.nowNanos(), settings.get().granted(requested));
        allocations.addRelay(allocation, port, address, untilNanos, request.out());
    }

    private ReservationToken reserve(Request request, RelayPort port, RelayAddress address) {
        ReservationToken token = new ReservationToken(random.nextLong());
        allocations.reserve(new Reservation(
                token.token(), port, address, request.credential().userId(), request.nowNanos() + RESERVATION_NANOS));
        return token;
    }

    private Answer finish(Request request, Allocation allocation) {
        allocation.told = allocation.relays.stream().map(Relay::relayed).toList();
        allocations.add(allocation);
        if (reportNanos > 0) {
            ReportTimer report = new ReportTimer(allocation, reportNanos);
            allocation.report = report;
            allocations.refresh(report, allocation.createdNanos + reportNanos);
        }
        request.out()
                .onEvent(new AllocationCreated(
                        allocation.id,
                        allocation.flow,
                        allocation.owner.username(),
                        allocation.owner.userId(),
                        allocation.told));
        return success(allocation, request);
    }

    /** The success response, whether the first or a retransmitted one. */
    Success success(Allocation allocation, Request request) {
        List<Attribute> attributes = new ArrayList<>();
        // RFC 8656 §7.2: XOR-RELAYED-ADDRESS once or twice, LIFETIME, RESERVATION-TOKEN if there is one,
        // XOR-MAPPED-ADDRESS.
        allocation.relays.forEach(relay -> attributes.add(new XorRelayedAddress(relay.relayed())));
        long untilNanos = allocation.relays.get(0).untilNanos();
        attributes.add(Lifetimes.left(untilNanos, request.nowNanos()));
        attributes.addAll(allocation.extras);
        attributes.add(new XorMappedAddress(allocation.flow.remote()));
        return new Success(attributes);
    }
}
