package dev.culvert.server.io;

import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.TransportAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;

/** Binds an address once, alone, and lets go of it: with SO_REUSEPORT a second server would silently share the traffic. */
public final class PortProbe {
    private PortProbe() {}

    /**
     * The port that {@code address} can be bound with: its own, or the one that the system picks for port 0.
     *
     * @throws BindFailedException where somebody holds it, or the address is not of this host
     */
    public static int bindOnce(Transport transport, TransportAddress address) {
        try {
            return transport == Transport.UDP ? datagrams(address) : stream(address);
        } catch (IOException e) {
            throw new BindFailedException(transport, address, e);
        }
    }

    private static int datagrams(TransportAddress address) throws IOException {
        try (DatagramChannel channel = DatagramChannel.open(family(address))) {
            channel.bind(address.toInetSocketAddress());
            return ((InetSocketAddress) channel.getLocalAddress()).getPort();
        }
    }

    private static int stream(TransportAddress address) throws IOException {
        try (ServerSocketChannel channel = ServerSocketChannel.open()) {
            channel.bind(address.toInetSocketAddress());
            return ((InetSocketAddress) channel.getLocalAddress()).getPort();
        }
    }

    private static ProtocolFamily family(TransportAddress address) {
        return address.ip().isIpv4() ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
    }
}
