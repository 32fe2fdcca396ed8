package dev.culvert.relay.core;

import java.util.List;
import java.util.function.Consumer;

/**
 * A walk over the allocations of one event loop, some at a time, so that packets do not wait for it. Owned by that loop's
 * thread.
 */
public final class AllocationWalk {
    private final List<Allocation> all;
    private int next;

    AllocationWalk(List<Allocation> all) {
        this.all = all;
    }

    /** How many allocations there were at the start. */
    public int size() {
        return all.size();
    }

    /**
     * Shows {@code visitor} up to {@code most} more; those that have ended meanwhile are left out.
     *
     * @return whether there may be more
     */
    public boolean next(int most, long nowNanos, Consumer<AllocationView> visitor) {
        int end = Math.min(all.size(), next + most);
        for (; next < end; next++) {
            Allocation allocation = all.get(next);
            if (!allocation.relays.isEmpty()) {
                visitor.accept(allocation.view(nowNanos));
            }
        }
        return next < all.size();
    }
}
