package dev.culvert.relay.core;

import dev.culvert.relay.core.RelayEvent.AllocationLasts;

/** Has a server tell how far an allocation is, over and over. */
final class ReportTimer extends Timed {
    private final Allocation allocation;
    private final long intervalNanos;

    ReportTimer(Allocation allocation, long intervalNanos) {
        this.allocation = allocation;
        this.intervalNanos = intervalNanos;
    }

    @Override
    void onExpiry(Allocations allocations, long nowNanos, RelayOutput out) {
        out.onEvent(new AllocationLasts(allocation.view(nowNanos)));
        long nextNanos = untilNanos() + intervalNanos;
        // One that was missed is not made up for.
        allocations.refresh(this, nextNanos - nowNanos > 0 ? nextNanos : nowNanos + intervalNanos);
    }
}
