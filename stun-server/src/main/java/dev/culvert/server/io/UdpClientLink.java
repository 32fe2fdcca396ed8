package dev.culvert.server.io;

import dev.culvert.server.core.FiveTuple;
import java.nio.ByteBuffer;

/** A client that is reached by datagrams from {@code port}. */
record UdpClientLink(UdpPort port, FiveTuple flow) implements ClientLink {
    /** The largest payload that a UDP datagram over IPv4 can have. */
    private static final int MAX_DATAGRAM_BYTES = 65_507;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    @Override
    public void reply(ByteBuffer message) {
        if (isReachable(message.remaining())) {
            port.send(message, NOTHING, flow.remote());
        }
    }

    @Override
    public boolean relay(ByteBuffer head, ByteBuffer body, int paddingBytes) {
        if (!isReachable(head.remaining() + body.remaining() + paddingBytes)) {
            return false;
        }
        port.relay(head, body, paddingBytes, flow.remote());
        return true;
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
