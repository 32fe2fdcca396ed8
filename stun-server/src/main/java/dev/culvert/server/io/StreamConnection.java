package dev.culvert.server.io;

import dev.culvert.server.core.BindingResponder;
import dev.culvert.server.core.Counter;
import dev.culvert.server.core.Counters;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.server.core.ReplyOutput;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.StreamFrames;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One TCP or TLS connection: bytes in, frames to the core, its replies out. Owned by its event loop's thread. */
final class StreamConnection implements ReplyOutput {
    private static final Logger LOG = LoggerFactory.getLogger(StreamConnection.class);

    /** What a connection may keep waiting in memory; no Binding request comes near it. */
    private static final int MAX_MESSAGE_BYTES = 4096;

    private final NetSocket socket;
    private final FiveTuple flow;
    private final BindingResponder responder;
    private final Counters counters;
    private final StreamFrames frames = new StreamFrames(MAX_MESSAGE_BYTES);

    private Buffer replies = Buffer.buffer();
    private Malformation malformation = Malformation.NONE;
    private boolean secured;

    StreamConnection(NetSocket socket, FiveTuple flow, BindingResponder responder, Counters counters) {
        this.socket = socket;
        this.flow = flow;
        this.responder = responder;
        this.counters = counters;
    }

    /** Begins to read. */
    void start() {
        socket.handler(this::onChunk);
    }

    /** The connection is as secure as its transport wants it; TCP is from the start. */
    void onSecured() {
        secured = true;
    }

    /** The connection has ended, by whomever. */
    void onClose() {
        counters.increment(Counter.CONNECTIONS_CLOSED);
        if (!secured) {
            counters.increment(Counter.TLS_HANDSHAKE_FAILURES);
        }
    }

    private void onChunk(Buffer chunk) {
        try {
            Malformation broken = frames.feed(ByteBuffer.wrap(chunk.getBytes()), this::onFrame);
            writeReplies();
            if (broken != Malformation.NONE || malformation != Malformation.NONE) {
                counters.increment(Counter.BAD_FRAMES);
                socket.close();
            }
        } catch (RuntimeException e) {
            counters.increment(Counter.UNEXPECTED_FAILURES);
            LOG.warn("{}: unexpected failure", flow.local(), e);
            socket.close();
        }
    }

    private void onFrame(ByteBuffer bytes, int offset, int lengthBytes) {
        // What follows a bad frame is not trusted either.
        if (malformation == Malformation.NONE) {
            malformation = responder.onBytes(flow, bytes, offset, lengthBytes, System.nanoTime(), this);
        }
    }

    @Override
    public void send(ByteBuffer message, TransportAddress local, TransportAddress remote) {
        // RFC 8489 §6.3.1.2: the response goes back on the connection that the request came on.
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        replies.appendBytes(bytes);
    }

    private void writeReplies() {
        if (replies.length() == 0) {
            return;
        }
        socket.write(replies);
        replies = Buffer.buffer();
        // A client that does not read its answers is not asked for more.
        if (socket.writeQueueFull()) {
            socket.pause();
            socket.drainHandler(drained -> socket.resume());
        }
    }
}
