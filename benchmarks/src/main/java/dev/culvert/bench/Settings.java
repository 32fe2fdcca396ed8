package dev.culvert.bench;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How a run is made.
 *
 * @param rounds of which medians are told
 * @param measured how long each of them is measured
 * @param warmUp what goes before the first round, for the JVM's compiler
 * @param idleAllocations for memory
 * @param scratch a directory for logs and certificates
 */
record Settings(int rounds, Duration measured, Duration warmUp, int serverCore, int idleAllocations, Path scratch) {
    Settings {
        if (rounds < 1 || measured.isNegative() || measured.isZero() || warmUp.isNegative() || idleAllocations < 1) {
            throw new IllegalArgumentException("rounds, seconds and allocations must be at least 1");
        }
    }
}
