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
final class ReceiveRing {
    /** The largest datagram, and a cache line more so that slots do not compete for the same lines of the cache. */
    static final int SLOT_BYTES = (1 << 16) + 64;

    private static final int SLOTS = 32;

    /** How many datagrams one wake-up takes from a port that is read one by one. */
    private static final int MAX_SINGLES = 16;

    private final ByteBuf slots = Unpooled.directBuffer(SLOTS * SLOT_BYTES, SLOTS * SLOT_BYTES);

    /** For a port with many senders: one recvmmsg per wake-up into all slots, and the loop comes back for more. */
    DefaultMaxMessagesRecvByteBufAllocator batches() {
        return new Borrowed(SLOTS, slots.capacity(), false);
    }

    /** For a port with few packets a wake-up, where a batched call costs more than it saves. */
    DefaultMaxMessagesRecvByteBufAllocator singles() {
        return new Borrowed(MAX_SINGLES, SLOT_BYTES, true);
    }

    /** Frees the memory; after all ports are closed. */
    void release() {
        slots.release();
    }

    private final class Borrowed extends DefaultMaxMessagesRecvByteBufAllocator {
        private final int bytes;
        private final boolean readsOn;

        Borrowed(int maxMessages, int bytes, boolean readsOn) {
            super(maxMessages);
            this.bytes = bytes;
            this.readsOn = readsOn;
        }

        @Override
        @SuppressWarnings("deprecation") // the interface that Netty's channels still take
        public RecvByteBufAllocator.Handle newHandle() {
            return new MaxMessageHandle() {
                @Override
                public int guess() {
                    return bytes;
                }

                // The channel releases it, and each packet its slice, before the next read begins.
                @Override
                public ByteBuf allocate(ByteBufAllocator allocator) {
                    return slots.clear().retain();
                }

                @Override
                public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
                    return readsOn && super.continueReading(maybeMoreData);
                }
            };
        }
    }
}
