package dev.culvert.server.io;

import dev.culvert.server.config.ServerConfig.Listener;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.Counter;
import dev.culvert.server.core.Counters;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.server.core.ListenerCounter;
import dev.culvert.server.core.ReplyOutput;
import dev.culvert.server.core.SipReflector;
import dev.culvert.server.core.SourceAddress;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One event loop's share of the UDP side: its sockets, its core, its numbers. Owned by that loop's thread. */
final class Shard implements ReplyOutput {
    private static final Logger LOG = LoggerFactory.getLogger(Shard.class);
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final ServerLoop loop;
    private final Dispatch dispatch;
    private final Counters<Counter> counters;
    private final List<Listener> configured;

    /** @param configured the listeners after which what is counted is named */
    Shard(ServerLoop loop, Dispatch dispatch, Counters<Counter> counters, List<Listener> configured) {
        this.loop = loop;
        this.dispatch = dispatch;
        this.counters = counters;
        this.configured = configured;
    }

    Counters<Counter> counters() {
        return counters;
    }

    /** Opens a socket on {@code local}; from any thread. */
    Future<Void> open(TransportAddress local) {
        Promise<Void> opened = Promise.promise();
        loop.context().runOnContext(on -> {
            int endpoint = dispatch.service()
                    .map(service -> service.endpoint(Transport.UDP, local))
                    .orElse(0);
            Counters<ListenerCounter> traffic = loop.traffic(ListenerName.of(configured, Transport.UDP, local));
            loop.listen(local, traffic, new Endpoint(endpoint, traffic))
                    .<Void>mapEmpty()
                    .onComplete(opened);
        });
        return opened.future();
    }

    /** Closes the socket on {@code local} if there is one; from any thread. */
    Future<Void> close(TransportAddress local) {
        Promise<Void> closed = Promise.promise();
        loop.context().runOnContext(on -> loop.close(local).onComplete(closed));
        return closed.future();
    }

    @Override
    public void send(ByteBuffer message, TransportAddress local, TransportAddress remote) {
        Optional<ServerLoop.Listener> listener = loop.listener(local);
        // A forged source port 0 can be received from but not sent to.
        if (listener.isEmpty() || remote.port() == 0) {
            counters.increment(Counter.SEND_FAILURES);
            return;
        }
        if (loop.trace().isOn()) {
            loop.trace().sent(new FiveTuple(Transport.UDP, local, remote), message);
        }
        Counters<ListenerCounter> traffic = listener.get().traffic();
        traffic.increment(ListenerCounter.PACKETS_TO_CLIENTS);
        traffic.add(ListenerCounter.BYTES_TO_CLIENTS, message.remaining());
        listener.get().port().send(message, NOTHING, remote);
    }

    private void failed(UdpPort port, Throwable cause) {
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

    /** What arrives at one address of the server. */
    private final class Endpoint implements UdpPort.Receiver {
        private final int number;
        private final Counters<ListenerCounter> traffic;

        Endpoint(int number, Counters<ListenerCounter> traffic) {
            this.number = number;
            this.traffic = traffic;
        }

        @Override
        public void onDatagram(UdpPort port, ByteBuffer bytes, int offset, int lengthBytes, SourceAddress source) {
            traffic.increment(ListenerCounter.PACKETS_FROM_CLIENTS);
            traffic.add(ListenerCounter.BYTES_FROM_CLIENTS, lengthBytes);
            if (dispatch.isSip(bytes, offset, lengthBytes)) {
                FiveTuple flow = new FiveTuple(Transport.UDP, port.local(), source.toTransportAddress());
                SipReflector reflector = dispatch.reflector().orElseThrow();
                reflector.onBytes(flow, bytes, offset, lengthBytes, loop.readNanos(), Shard.this);
                return;
            }
            if (dispatch.isChannelData(bytes, offset, lengthBytes)) {
                dispatch.service().orElseThrow().onChannelData(number, source, bytes, offset, lengthBytes);
                return;
            }
            if (dispatch.isSendIndication(bytes, offset, lengthBytes)) {
                dispatch.service().orElseThrow().onSendIndication(number, source, bytes, offset, lengthBytes);
                return;
            }
            FiveTuple flow = new FiveTuple(Transport.UDP, port.local(), source.toTransportAddress());
            ClientTrace trace = loop.trace();
            if (trace.isOn()) {
                trace.received(flow, bytes, offset, lengthBytes);
            }
            UdpClientLink client = new UdpClientLink(port, flow, traffic, trace);
            dispatch.onMessage(client, bytes, offset, lengthBytes, loop.readNanos(), Shard.this);
        }

        @Override
        public void onFailure(UdpPort port, Throwable cause) {
            failed(port, cause);
        }
    }
}
