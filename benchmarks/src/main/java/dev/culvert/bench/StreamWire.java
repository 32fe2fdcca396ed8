package dev.culvert.bench;

import dev.culvert.stun.StreamFrames;
import dev.culvert.stun.TransportAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.vertx.core.Context;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.nio.ByteBuffer;

/**
 * Messages on one TCP or TLS connection; what is sent while the event loop handles one wake-up leaves in one piece.
 * Mutable, owned by the generator's thread.
 */
final class StreamWire implements Wire {
    private static final int MAX_FRAME_BYTES = 1 << 16;
    private static final int CHUNK_BYTES = 1 << 15;

    private final Context context;
    private final NetSocket socket;
    private final TransportAddress server;
    private final StreamFrames frames = new StreamFrames(MAX_FRAME_BYTES);
    private ByteBuf queued = Unpooled.EMPTY_BUFFER;

    /** @param inlets takes every message that arrives */
    StreamWire(Context context, NetSocket socket, TransportAddress server, Inlets inlets, Runnable flush) {
        this.context = context;
        this.socket = socket;
        this.server = server;
        long origin = Inlets.origin(server);
        socket.handler(chunk -> {
            frames.feed(
                    ((BufferInternal) chunk).getByteBuf().nioBuffer(),
                    (bytes, offset, length) -> inlets.onMessage(this, origin, bytes, offset, length));
            flush.run();
        });
    }

    @Override
    public void send(ByteBuffer head, ByteBuffer body) {
        if (queued.readableBytes() == 0) {
            queued = PooledByteBufAllocator.DEFAULT.directBuffer(CHUNK_BYTES);
            context.runOnContext(on -> flush());
        }
        queued.writeBytes(head).writeBytes(body);
    }

    private void flush() {
        ByteBuf chunk = queued;
        queued = Unpooled.EMPTY_BUFFER;
        ((NetSocketInternal) socket).writeMessage(chunk);
    }

    @Override
    public boolean isLossy() {
        return false;
    }

    @Override
    public Object inlet() {
        return this;
    }

    @Override
    public long server() {
        return Inlets.origin(server);
    }

    void close() {
        socket.close();
    }
}
