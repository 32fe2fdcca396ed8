package dev.culvert.server.io;

import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.BindingResponder;
import dev.culvert.server.core.Counter;
import dev.culvert.server.core.Counters;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.server.core.ReplyOutput;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One event loop's share of the UDP side: its sockets, its core, its numbers. Owned by that loop's thread. */
final class Shard implements UdpPort.Receiver, ReplyOutput {
    private static final Logger LOG = LoggerFactory.getLogger(Shard.class);

    private final Context context;
    private final BindingResponder responder;
    private final Counters counters;
    private final ReceiveRing ring = new ReceiveRing();

    private final Map<TransportAddress, UdpPort> ports = new HashMap<>();
    private final List<UdpPort> unflushed = new ArrayList<>();

    Shard(Context context, BindingResponder responder, Counters counters) {
        this.context = context;
        this.responder = responder;
        this.counters = counters;
    }

    Counters counters() {
        return counters;
    }

    /** Opens a socket on {@code local}; from any thread. */
    Future<Void> open(EventLoops loops, TransportAddress local) {
        Promise<Void> opened = Promise.promise();
        context.runOnContext(on -> NettyUdpPort.open(loops, context, local, ring, this)
                .<Void>map(port -> {
                    ports.put(local, port);
                    return null;
                })
                .onComplete(opened));
        return opened.future();
    }

    /** Closes the socket on {@code local} if there is one; from any thread. */
    Future<Void> close(TransportAddress local) {
        Promise<Void> closed = Promise.promise();
        context.runOnContext(on -> {
            UdpPort port = ports.remove(local);
            Future<Void> closing = port == null ? Future.succeededFuture() : port.close();
            closing.onComplete(closed);
        });
        return closed.future();
    }

    /** Gives the memory back, after all sockets are closed; from any thread. */
    void release() {
        context.runOnContext(on -> ring.release());
    }

    @Override
    public void onDatagram(UdpPort port, ByteBuffer bytes, int offset, int lengthBytes, TransportAddress remote) {
        FiveTuple flow = new FiveTuple(Transport.UDP, port.local(), remote);
        responder.onBytes(flow, bytes, offset, lengthBytes, System.nanoTime(), this);
    }

    @Override
    public void send(ByteBuffer message, TransportAddress local, TransportAddress remote) {
        UdpPort port = ports.get(local);
        // A forged source port 0 can be received from but not sent to.
        if (port == null || remote.port() == 0) {
            counters.increment(Counter.SEND_FAILURES);
            return;
        }
        port.send(message, remote);
        if (!unflushed.contains(port)) {
            unflushed.add(port);
        }
    }

    @Override
    public void onBatchEnd(UdpPort port) {
        for (int i = 0; i < unflushed.size(); i++) {
            unflushed.get(i).flush();
        }
        unflushed.clear();
    }

    @Override
    public void onFailure(UdpPort port, Throwable cause) {
        if (cause instanceof IOException) {
            counters.increment(Counter.SEND_FAILURES);
            LOG.debug("{}: {}", port, cause.getMessage());
            return;
        }
        counters.increment(Counter.UNEXPECTED_FAILURES);
        // Not once per packet: at the 1st, 2nd, 4th, 8th, …
        if (Long.bitCount(counters.value(Counter.UNEXPECTED_FAILURES)) == 1) {
            LOG.warn("{}: unexpected failure", port, cause);
        }
    }
}
