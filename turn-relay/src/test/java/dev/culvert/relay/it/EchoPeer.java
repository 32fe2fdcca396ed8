package dev.culvert.relay.it;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A peer that sends every datagram back, and counts. */
final class EchoPeer implements AutoCloseable {
    private final DatagramSocket socket;
    private final AtomicLong datagrams = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final Set<String> sources = ConcurrentHashMap.newKeySet();

    EchoPeer(String address) throws IOException {
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.getByName(address), 0));
        Thread thread = new Thread(this::echo, "echo-peer");
        thread.setDaemon(true);
        thread.start();
    }

    private void echo() {
        DatagramPacket packet = new DatagramPacket(new byte[65536], 65536);
        try {
            while (true) {
                packet.setLength(65536);
                socket.receive(packet);
                datagrams.incrementAndGet();
                bytes.addAndGet(packet.getLength());
                sources.add(packet.getAddress().getHostAddress() + ":" + packet.getPort());
                socket.send(packet);
            }
        } catch (SocketException closed) {
            return;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    String address() {
        return socket.getLocalAddress().getHostAddress();
    }

    int port() {
        return socket.getLocalPort();
    }

    long datagrams() {
        return datagrams.get();
    }

    long bytes() {
        return bytes.get();
    }

    /** Who has sent to it, as {@code address:port}. */
    Set<String> sources() {
        return Set.copyOf(sources);
    }

    @Override
    public void close() {
        socket.close();
    }
}
