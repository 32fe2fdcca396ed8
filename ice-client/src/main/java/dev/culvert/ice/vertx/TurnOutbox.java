package dev.culvert.ice.vertx;

import dev.culvert.ice.turn.TurnEvent;
import dev.culvert.ice.turn.TurnOutput;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Brings what the TURN client decides to the flow and to its owner. Owned by one event loop. */
final class TurnOutbox implements TurnOutput {
    private final Consumer<TurnEvent> events;
    private final PeerDataHandler data;
    private @Nullable TurnLink link;
    private Future<Void> lastSend = Future.succeededFuture();
    private boolean wasData;

    TurnOutbox(Consumer<TurnEvent> events, PeerDataHandler data) {
        this.events = events;
        this.data = data;
    }

    void open(TurnLink ready) {
        link = ready;
    }

    /** What became of the message that was sent last. */
    Future<Void> lastSend() {
        return lastSend;
    }

    /** A message is about to be given to the client. */
    void beginMessage() {
        wasData = false;
    }

    /** Whether that message brought data. */
    boolean wasData() {
        return wasData;
    }

    @Override
    public void transmit(ByteBuffer message) {
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        send(bytes);
    }

    @Override
    public void transmit(ByteBuffer header, ByteBuffer payload, int paddingBytes) {
        int headerLength = header.remaining();
        int payloadLength = payload.remaining();
        byte[] bytes = new byte[headerLength + payloadLength + paddingBytes];
        header.get(bytes, 0, headerLength);
        payload.get(bytes, headerLength, payloadLength);
        send(bytes);
    }

    private void send(byte[] bytes) {
        if (link != null) {
            lastSend = link.send(Buffer.buffer(bytes));
        }
    }

    @Override
    public void onData(TransportAddress peer, ByteBuffer buffer, int offset, int lengthBytes) {
        wasData = true;
        data.onData(peer, buffer.slice(offset, lengthBytes));
    }

    @Override
    public void onEvent(TurnEvent event) {
        events.accept(event);
    }
}
