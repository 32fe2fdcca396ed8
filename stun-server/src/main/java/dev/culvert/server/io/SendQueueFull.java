package dev.culvert.server.io;

import dev.culvert.stun.TransportAddress;
import java.io.IOException;

/** Datagrams were dropped because the network stack takes no more for now. */
final class SendQueueFull extends IOException {
    private static final long serialVersionUID = 1L;

    SendQueueFull(TransportAddress local) {
        super("the send queue of udp " + local + " is full");
    }

    /** No stack trace: this comes at the rate of packets. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
