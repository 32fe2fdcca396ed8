package dev.culvert.relay.session;

import dev.culvert.testkit.Rfc;
import org.junit.jupiter.api.Test;

/** A week in seconds: the client against our own server, which is killed again and again. */
class LossyWeekTest {
    private static final long SEED = Long.getLong("culvert.seed", 1);

    @Test
    @Rfc({"8656#5 (2)", "8489#9.2.4 (13)"})
    void clientsFindEachOtherAgainAfterEveryRestart() {
        try {
            new LossyWeek(SEED, Long.MIN_VALUE).run();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + SEED + ": " + e.getMessage(), e);
        }
    }
}
