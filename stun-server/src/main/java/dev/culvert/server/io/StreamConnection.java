package dev.culvert.server.io;

import dev.culvert.server.core.Counter;
import dev.culvert.server.core.Counters;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.server.core.ListenerCounter;
import dev.culvert.server.core.ReplyOutput;
import dev.culvert.server.core.SipFrames;
import dev.culvert.server.core.SipReflector;
import dev.culvert.server.core.SourceAddress;
import dev.culvert.stun.ChannelData;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.StreamFrames;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One TCP or TLS connection: bytes in, frames to whom they concern, answers out. Owned by its event loop's thread. */
final class StreamConnection implements ClientLink, ReplyOutput, Outbox.Sender {
    private static final Logger LOG = LoggerFactory.getLogger(StreamConnection.class);

    /** What a connection may keep waiting in memory before its client is known; no request comes near it. */
    private static final int MAX_MESSAGE_BYTES = 4096;

    /** The longest frames of all: a STUN message and ChannelData with every bit of their length fields set. */
    private static final int MAX_TRUSTED_MESSAGE_BYTES = StunMessage.HEADER_LENGTH + ChannelData.streamLength(0xFFFF);

    /** What waits for a client that reads more slowly than its peers send; what is over is dropped, as a network does. */
    private static final int MAX_UNSENT_BYTES = 256 << 10;

    private static final int NO_TIMER = -1;

    private final Vertx vertx;
    private final NetSocket socket;
    private final FiveTuple flow;
    private final SourceAddress source;
    private final ServerLoop loop;
    private final Dispatch dispatch;
    private final int endpoint;
    private final Counters<Counter> counters;
    private final Counters<ListenerCounter> traffic;
    private final StreamFrames frames = new StreamFrames(MAX_MESSAGE_BYTES);
    private Optional<SipFrames> sip = Optional.empty();
    private boolean begun;

    private ByteBuf output = Unpooled.buffer();
    private Malformation malformation = Malformation.NONE;
    private boolean secured;
    private long lastReadNanos = System.nanoTime();
    private long idleTimer = NO_TIMER;

    StreamConnection(
            Vertx vertx,
            NetSocket socket,
            FiveTuple flow,
            ServerLoop loop,
            Dispatch dispatch,
            int endpoint,
            Counters<Counter> counters,
            Counters<ListenerCounter> traffic) {
        this.vertx = vertx;
        this.socket = socket;
        this.flow = flow;
        this.source = SourceAddress.of(flow.remote());
        this.loop = loop;
        this.dispatch = dispatch;
        this.endpoint = endpoint;
        this.counters = counters;
        this.traffic = traffic;
    }

    /** Begins to read. */
    void start() {
        loop.opened(this).ifPresent(StreamConnection::replace);
        socket.handler(this::onChunk);
    }

    /** Another connection comes from the same client by what the proxy says, so this one is dead. */
    private void replace() {
        endService();
        socket.close();
    }

    private void endService() {
        dispatch.service().ifPresent(service -> service.onConnectionClosed(flow));
    }

    /** The connection is as secure as its transport wants it; TCP is from the start. */
    void onSecured() {
        secured = true;
    }

    /** The connection has ended, by whomever. */
    void onClose() {
        boolean wasCurrent = loop.closed(this);
        vertx.cancelTimer(idleTimer);
        counters.increment(Counter.CONNECTIONS_CLOSED);
        if (!secured) {
            counters.increment(Counter.TLS_HANDSHAKE_FAILURES);
        }
        if (wasCurrent) {
            endService();
        }
        loop.flush();
    }

    /** Closes the connection once it has been silent for {@code idleMillis} and nothing hangs on it. */
    void closeWhenIdle(long idleMillis) {
        closeWhenIdle(idleMillis, idleMillis);
    }

    private void closeWhenIdle(long idleMillis, long afterMillis) {
        idleTimer = vertx.setTimer(afterMillis, due -> {
            long leftMillis = idleMillis - (System.nanoTime() - lastReadNanos) / 1_000_000;
            boolean isInUse =
                    dispatch.service().map(service -> service.isInUse(flow)).orElse(false);
            if (leftMillis > 0 || isInUse) {
                closeWhenIdle(idleMillis, leftMillis > 0 ? leftMillis : idleMillis);
                return;
            }
            socket.close();
        });
    }

    private void onChunk(Buffer chunk) {
        loop.read();
        lastReadNanos = loop.readNanos();
        traffic.add(ListenerCounter.BYTES_FROM_CLIENTS, chunk.length());
        try {
            Malformation broken = feed(EventLoops.bytes(chunk));
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

    private Malformation feed(ByteBuffer chunk) {
        try {
            if (!begun) {
                begun = true;
                boolean isSip = dispatch.reflector().isPresent() && SipFrames.beginsWith(chunk.get(chunk.position()));
                sip = isSip ? Optional.of(new SipFrames()) : Optional.empty();
            }
            return sip.isPresent() ? feedSip(sip.get(), chunk) : frames.feed(chunk, this::onFrame);
        } finally {
            // Whatever went wrong, others have something queued too.
            loop.flush();
        }
    }

    /** A connection that begins as SIP does carries nothing else. */
    private Malformation feedSip(SipFrames requests, ByteBuffer chunk) {
        SipReflector reflector = dispatch.reflector().orElseThrow();
        boolean sound = requests.feed(
                chunk, message -> reflector.onBytes(flow, message, 0, message.remaining(), lastReadNanos, this));
        return sound ? Malformation.NONE : Malformation.UNKNOWN_FRAME;
    }

    private void onFrame(ByteBuffer bytes, int offset, int lengthBytes) {
        // What follows a bad frame is not trusted either.
        if (malformation != Malformation.NONE) {
            return;
        }
        traffic.increment(ListenerCounter.PACKETS_FROM_CLIENTS);
        if (dispatch.isChannelData(bytes, offset, lengthBytes)) {
            dispatch.service().orElseThrow().onChannelData(endpoint, source, bytes, offset, lengthBytes);
            return;
        }
        if (loop.trace().isOn()) {
            loop.trace().received(flow, bytes, offset, lengthBytes);
        }
        malformation = dispatch.onMessage(this, bytes, offset, lengthBytes, lastReadNanos, this);
    }

    @Override
    public FiveTuple flow() {
        return flow;
    }

    @Override
    public void trust() {
        frames.allow(MAX_TRUSTED_MESSAGE_BYTES);
    }

    @Override
    public void send(ByteBuffer message, TransportAddress local, TransportAddress remote) {
        // RFC 8489 §6.3.1.2: the response goes back on the connection that the request came on.
        reply(message);
    }

    @Override
    public void reply(ByteBuffer message) {
        if (loop.trace().isOn()) {
            loop.trace().sent(flow, message);
        }
        count(message.remaining());
        append(message);
        // A client that does not read its answers is not asked for more.
        if (socket.writeQueueFull()) {
            socket.pause();
            socket.drainHandler(drained -> socket.resume());
        }
    }

    @Override
    public boolean relay(ByteBuffer head, ByteBuffer body, int paddingBytes) {
        if (socket.writeQueueFull() || output.readableBytes() > MAX_UNSENT_BYTES) {
            return false;
        }
        int lengthBytes = head.remaining() + body.remaining();
        // RFC 8656 §12.5: over a stream, ChannelData too is padded to a multiple of four bytes.
        int paddedBytes = lengthBytes + 3 & ~3;
        append(head);
        append(body);
        output.writeZero(paddedBytes - lengthBytes);
        count(paddedBytes);
        return true;
    }

    private void count(int lengthBytes) {
        traffic.increment(ListenerCounter.PACKETS_TO_CLIENTS);
        traffic.add(ListenerCounter.BYTES_TO_CLIENTS, lengthBytes);
    }

    private void append(ByteBuffer bytes) {
        if (!output.isReadable()) {
            loop.outbox().add(this);
        }
        output.writeBytes(bytes);
    }

    @Override
    public void flush() {
        ByteBuf written = output;
        if (written.isReadable()) {
            output = Unpooled.buffer();
            socket.write(EventLoops.buffer(written));
        }
    }
}
