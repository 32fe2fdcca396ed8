package dev.culvert.relay.usage;

import java.util.concurrent.atomic.LongAdder;

/** What became of the events for one outlet. Read by any thread. */
final class OutletCounts {
    /** Events that were written. */
    final LongAdder written = new LongAdder();

    /** Events that were not, and will not be. */
    final LongAdder lost = new LongAdder();

    /** Attempts to write that failed. */
    final LongAdder failures = new LongAdder();
}
