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
        relay(message, NOTHING);
    }

    @Override
    public boolean relay(ByteBuffer head, ByteBuffer body) {
        // A forged source port 0 can be received from but not sent to.
        if (head.remaining() + body.remaining() > MAX_DATAGRAM_BYTES
                || flow.remote().port() == 0) {
            return false;
        }
        port.send(head, body, flow.remote());
        return true;
    }

    @Override
    public void trust() {
        // Each datagram is whole when it arrives: nothing waits for its rest.
    }
}
