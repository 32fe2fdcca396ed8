package dev.culvert.relay.core;

import dev.culvert.relay.core.Answer.ErrorReply;
import dev.culvert.relay.core.Answer.Success;
import dev.culvert.relay.core.RelayEvent.EndReason;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.RequestedAddressFamily;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Refresh (RFC 8656 §8.2). */
final class RefreshHandler implements AllocationHandler {
    private final Supplier<RelaySettings> settings;
    private final Allocations allocations;

    RefreshHandler(Supplier<RelaySettings> settings, Allocations allocations) {
        this.settings = settings;
        this.allocations = allocations;
    }

    @Override
    public Answer answer(Request request, Allocation allocation) {
        List<Relay> concerned = concerned(request, allocation);
        // RFC 8656 §8.2: a family that the allocation does not have is a 443.
        if (concerned.isEmpty()) {
            return ErrorReply.of(443, RefusalReason.FAMILY, "the allocation has no address of that family");
        }
        Lifetime requested = request.message()
                .get(Lifetime.TYPE)
                .orElse(new Lifetime(settings.get().defaultLifetimeSeconds()));
        long nowNanos = request.nowNanos();
        // RFC 8656 §8.2: a lifetime of 0 deletes.
        if (requested.seconds() == 0) {
            concerned.forEach(relay -> allocations.end(relay, EndReason.DELETED, nowNanos, request.out()));
            return Success.of(requested);
        }
        long untilNanos = allocation.untilNanos(nowNanos, settings.get().granted(requested));
        concerned.forEach(relay -> allocations.refresh(relay, untilNanos));
        return Success.of(Lifetimes.left(untilNanos, nowNanos));
    }

    /** RFC 8656 §8.1: all of a dual allocation, unless REQUESTED-ADDRESS-FAMILY names one of its addresses. */
    private static List<Relay> concerned(Request request, Allocation allocation) {
        Optional<RequestedAddressFamily> family = request.message().get(RequestedAddressFamily.TYPE);
        return allocation.relays.stream()
                .filter(relay -> family.isEmpty()
                        || family.get().family() == relay.family().number())
                .toList();
    }
}
