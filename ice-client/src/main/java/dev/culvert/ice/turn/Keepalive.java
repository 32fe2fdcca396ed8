package dev.culvert.ice.turn;

import dev.culvert.ice.time.Earliest;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Binding indications that keep a NAT between client and server from forgetting an idle flow (RFC 8489 §2): they ask for
 * no answer and need no credential. Mutable, owned by one thread.
 */
final class Keepalive {
    private final long intervalNanos;
    private final RandomGenerator random;
    private final StunWriter writer = new StunWriter();
    private final ByteBuffer bytes = ByteBuffer.allocate(StunMessage.HEADER_LENGTH);
    private boolean isRunning;
    private long nextNanos;

    /** Sends at this interval while it runs; never where that is zero. */
    Keepalive(Duration interval, RandomGenerator random) {
        this.intervalNanos = interval.toNanos();
        this.random = random;
    }

    /** Runs while there is an allocation. */
    void follow(boolean isActive, long nowNanos) {
        boolean isWanted = isActive && intervalNanos > 0;
        if (isWanted && !isRunning) {
            nextNanos = nowNanos + intervalNanos;
        }
        isRunning = isWanted;
    }

    void onTimeout(long nowNanos, TurnOutput out) {
        if (!isRunning || nextNanos - nowNanos > 0) {
            return;
        }
        nextNanos = nowNanos + intervalNanos;
        writer.begin(bytes.clear(), MessageClass.INDICATION, StunMethod.BINDING, TransactionId.random(random));
        out.transmit(bytes.flip());
    }

    void includeIn(Earliest deadline) {
        if (isRunning) {
            deadline.include(nextNanos);
        }
    }
}
