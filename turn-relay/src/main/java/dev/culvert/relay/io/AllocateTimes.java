package dev.culvert.relay.io;

import dev.culvert.server.core.Histogram;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMethod;
import java.nio.ByteBuffer;

/** How long granted Allocate requests take, from their receipt until their answer is written. Owned by one loop's thread. */
final class AllocateTimes {
    private static final int SUCCESS = MessageClass.SUCCESS_RESPONSE.typeWith(StunMethod.ALLOCATE);

    private final Histogram granted = new Histogram();
    private long receivedNanos;

    /** The message that is handled next came then. */
    void received(long nanos) {
        receivedNanos = nanos;
    }

    /** Takes its answer, between position and limit. */
    void answered(ByteBuffer message) {
        if (message.getShort(message.position()) == SUCCESS) {
            granted.record(System.nanoTime() - receivedNanos);
        }
    }

    Histogram granted() {
        return granted;
    }
}
