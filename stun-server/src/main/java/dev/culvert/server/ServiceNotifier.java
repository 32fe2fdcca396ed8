package dev.culvert.server;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how far the start and the stop are (sd_notify(3)); without effect where {@code NOTIFY_SOCKET} is not set.
 *
 * <p>The JDK has no datagram sockets of the unix domain, so Netty's native one is used, without an event loop.
 */
public final class ServiceNotifier {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceNotifier.class);

    private final String socketName;

    /** The notifier that {@code environment} asks for. */
    public ServiceNotifier(Map<String, String> environment) {
        this.socketName = environment.getOrDefault("NOTIFY_SOCKET", "");
    }

    /** The service is up. */
    public void ready() {
        send("READY=1");
    }

    /** The service has begun to stop. */
    public void stopping() {
        send("STOPPING=1");
    }

    private void send(String state) {
        if (socketName.isEmpty()) {
            return;
        }
        if (!Epoll.isAvailable()) {
            LOG.warn("NOTIFY_SOCKET is set, but this system has no native transport: {} is not sent", state);
            return;
        }
        try {
            sendNative(state.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.warn("NOTIFY_SOCKET {}: {} was not sent: {}", socketName, state, e.getMessage());
        }
    }

    private void sendNative(byte[] state) throws IOException {
        ByteBuffer datagram = ByteBuffer.allocateDirect(state.length).put(state);
        Socket socket = Socket.newSocketDomainDgram();
        try {
            socket.sendToDomainSocket(datagram, 0, state.length, address());
        } finally {
            socket.close();
        }
    }

    /** A name that begins with {@code @} is in the abstract namespace, where the first byte is 0. */
    private byte[] address() {
        byte[] name = socketName.getBytes(StandardCharsets.UTF_8);
        if (name[0] == '@') {
            name[0] = 0;
        }
        return name;
    }
}
