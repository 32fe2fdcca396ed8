package dev.culvert.bench;

import dev.culvert.server.io.UdpPort;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;

/** Datagrams from one client socket to one server. */
record UdpWire(Sockets sockets, UdpPort port, TransportAddress remote) implements Wire {
    @Override
    public void send(ByteBuffer head, ByteBuffer body) {
        sockets.send(port, head, body, remote);
    }

    @Override
    public boolean isLossy() {
        return true;
    }

    @Override
    public Object inlet() {
        return port;
    }

    @Override
    public long server() {
        return Inlets.origin(remote);
    }
}
