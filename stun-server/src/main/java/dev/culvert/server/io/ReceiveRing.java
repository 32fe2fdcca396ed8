package dev.culvert.server.io;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * The memory that all UDP ports of one event loop receive into, one batch after another. Used by that loop's thread alone.
 *
 * <p>Each slot takes the largest datagram there is, so that nothing legal is cut; the system gives memory only to the
 * pages that datagrams touch.
 */
final class ReceiveRing extends DefaultMaxMessagesRecvByteBufAllocator {
    /** The largest datagram, and a cache line more so that slots do not compete for the same lines of the cache. */
    static final int SLOT_BYTES = (1 << 16) + 64;

    private static final int SLOTS = 32;

    private final ByteBuf slots = Unpooled.directBuffer(SLOTS * SLOT_BYTES, SLOTS * SLOT_BYTES);

    ReceiveRing() {
        super(SLOTS);
    }

    @Override
    @SuppressWarnings("deprecation") // the interface that Netty's channels still take
    public RecvByteBufAllocator.Handle newHandle() {
        return new RingHandle();
    }

    /** Frees the memory; after all ports are closed. */
    void release() {
        slots.release();
    }

    private final class RingHandle extends MaxMessageHandle {
        @Override
        public int guess() {
            return slots.capacity();
        }

        /** The whole ring; the channel releases it, and each packet its slice, before the next batch begins. */
        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            return slots.clear().retain();
        }

        /** One recvmmsg per wake-up: work is bounded, and the loop comes back if more is waiting. */
        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
            return false;
        }
    }
}
