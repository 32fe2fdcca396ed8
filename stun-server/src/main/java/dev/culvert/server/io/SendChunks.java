package dev.culvert.server.io;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The memory that the UDP ports of one event loop fill with datagrams, lent to each from its first datagram of a batch to
 * the flush, so that a port that is silent holds none. Used by that loop's thread alone.
 */
final class SendChunks {
    static final int CHUNK_BYTES = 1 << 16;

    /** What stays here when nobody needs it; a batch that goes to more ports allocates. */
    private static final int MAX_KEPT = 64;

    private final Deque<ByteBuf> free = new ArrayDeque<>();
    private boolean released;

    /** An empty chunk, to be given back. */
    ByteBuf take() {
        ByteBuf chunk = free.poll();
        return chunk == null ? Unpooled.directBuffer(CHUNK_BYTES, CHUNK_BYTES) : chunk;
    }

    /** Takes a chunk back; one that the network stack still reads from is left to it. */
    void giveBack(ByteBuf chunk) {
        if (released || chunk.refCnt() > 1 || free.size() >= MAX_KEPT) {
            chunk.release();
            return;
        }
        free.push(chunk.clear());
    }

    /** Frees the memory; what is given back later is freed at once. */
    void release() {
        released = true;
        free.forEach(ByteBuf::release);
        free.clear();
    }
}
