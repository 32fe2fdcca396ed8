package dev.culvert.server.io;

import dev.culvert.server.core.Counters;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.server.core.ListenerCounter;
import java.nio.ByteBuffer;

/** A client that is reached by datagrams from {@code port}. */
record UdpClientLink(UdpPort port, FiveTuple flow, Counters<ListenerCounter> traffic, ClientTrace trace)
        implements ClientLink {
    /** The largest payload that a UDP datagram over IPv4 can have. */
    private static final int MAX_DATAGRAM_BYTES = 65_507;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    @Override
    public void reply(ByteBuffer message) {
        int lengthBytes = message.remaining();
        if (!isReachable(lengthBytes)) {
            return;
        }
        if (trace.isOn()) {
            trace.sent(flow, message);
        }
        port.send(message, NOTHING, flow.remote());
        count(lengthBytes);
    }

    @Override
    public boolean relay(ByteBuffer head, ByteBuffer body, int paddingBytes) {
        int lengthBytes = head.remaining() + body.remaining() + paddingBytes;
        if (!isReachable(lengthBytes)) {
            return false;
        }
        port.relay(head, body, paddingBytes, flow.remote());
        count(lengthBytes);
        return true;
    }

    private void count(int lengthBytes) {
        traffic.increment(ListenerCounter.PACKETS_TO_CLIENTS);
        traffic.add(ListenerCounter.BYTES_TO_CLIENTS, lengthBytes);
    }

    /** A forged source port 0 can be received from but not sent to. */
    private boolean isReachable(int lengthBytes) {
        return lengthBytes <= MAX_DATAGRAM_BYTES && flow.remote().port() != 0;
    }

    @Override
    public void trust() {
        // Each datagram is whole when it arrives: nothing waits for its rest.
    }
}
