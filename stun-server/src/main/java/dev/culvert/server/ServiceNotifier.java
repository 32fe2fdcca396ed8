package dev.culvert.server;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how the server is (sd_notify(3)); without effect where {@code NOTIFY_SOCKET} is not set. Used by any thread.
 *
 * <p>The JDK has no datagram sockets of the unix domain, so Netty's native one is used, without an event loop.
 */
public final class ServiceNotifier {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceNotifier.class);

    private final String socketName;
    private final Optional<Duration> watchdogPeriod;

    /** Guarded by {@code this}. */
    private boolean stopping;

    /** The notifier that {@code environment} asks for. */
    public ServiceNotifier(Map<String, String> environment) {
        this.socketName = environment.getOrDefault("NOTIFY_SOCKET", "");
        this.watchdogPeriod = socketName.isEmpty() ? Optional.empty() : watchdogPeriod(environment);
    }

    /** Half of what systemd allows, as sd_watchdog_enabled(3) recommends; empty where it does not watch this process. */
    private static Optional<Duration> watchdogPeriod(Map<String, String> environment) {
        String process = environment.getOrDefault("WATCHDOG_PID", "");
        if (!process.isEmpty()
                && !process.equals(Long.toString(ProcessHandle.current().pid()))) {
            return Optional.empty();
        }
        String micros = environment.getOrDefault("WATCHDOG_USEC", "");
        if (!micros.matches("[1-9][0-9]{3,17}")) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofMillis(TimeUnit.MICROSECONDS.toMillis(Long.parseLong(micros)))
                        .dividedBy(2))
                .filter(period -> period.toMillis() > 0);
    }

    /** How often {@link #alive} is to be called; empty where nobody waits for it. */
    public Optional<Duration> watchdogPeriod() {
        return watchdogPeriod;
    }

    /** The service is up, or what it read anew is in force. */
    public synchronized void ready() {
        sendUnlessStopping("READY=1");
    }

    /** The configuration is being read again; {@link #ready} follows. */
    public synchronized void reloading() {
        // On Linux nanoTime is CLOCK_MONOTONIC, which systemd compares with the moment at which it asked.
        long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime());
        sendUnlessStopping("RELOADING=1\nMONOTONIC_USEC=" + micros);
    }

    /** The service has not hung up. */
    public void alive() {
        send("WATCHDOG=1");
    }

    /** The service has begun to stop, and may take {@code atMost}, even if systemd would have had less patience. */
    public synchronized void stopping(Duration atMost) {
        stopping = true;
        send("STOPPING=1\nEXTEND_TIMEOUT_USEC=" + TimeUnit.MILLISECONDS.toMicros(atMost.toMillis()));
    }

    /** To systemd a service that reloads while it stops would be up again. */
    private void sendUnlessStopping(String state) {
        if (!stopping) {
            send(state);
        }
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
            LOG.warn("NOTIFY_SOCKET {}: {} was not sent: {}", socketName, state, e.toString());
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
