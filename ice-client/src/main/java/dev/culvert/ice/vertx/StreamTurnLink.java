package dev.culvert.ice.vertx;

import dev.culvert.ice.turn.TurnClient;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.StreamFrames;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.nio.ByteBuffer;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** A TCP or TLS connection to one TURN server. Owned by one event loop. */
final class StreamTurnLink implements TurnLink {
    /** The longest payload, and room for the attributes of a Data indication. */
    private static final int MAX_MESSAGE_BYTES = TurnClient.MAX_PAYLOAD_LENGTH + 1024;

    private final TurnServerAddress server;
    private final NetClient client;
    private final NetSocket socket;
    private final TransportAddress local;
    private final PacketTap tap;
    private final Receiver receiver;
    private final StreamFrames frames = new StreamFrames(MAX_MESSAGE_BYTES);
    private boolean isClosed;

    private StreamTurnLink(
            TurnServerAddress server, NetClient client, NetSocket socket, PacketTap tap, Receiver receiver) {
        this.server = server;
        this.client = client;
        this.socket = socket;
        this.local = UdpSockets.addressOf(socket.localAddress());
        this.tap = tap;
        this.receiver = receiver;
    }

    static Future<TurnLink> open(Vertx vertx, TurnServerAddress server, TurnOptions options, Receiver receiver) {
        StreamBinding.Options stream = new StreamBinding.Options(
                server.transport() == PacketTap.Transport.TLS,
                server.trust(),
                options.timeout(),
                options.local().localAddress());
        NetClient client = vertx.createNetClient(
                StreamBinding.clientOptions(stream).setTcpNoDelay(true).setReconnectAttempts(0));
        return StreamBinding.connect(client, server.address(), server.trust())
                .recover(cause -> Future.failedFuture(StreamFailures.connecting(server, options.timeout(), cause)))
                .map(socket -> new StreamTurnLink(server, client, socket, options.tap(), receiver).start());
    }

    private StreamTurnLink start() {
        socket.handler(this::onBytes);
        socket.exceptionHandler(this::lose);
        socket.closeHandler(closed -> lose(null));
        return this;
    }

    private void onBytes(Buffer bytes) {
        Malformation malformation = frames.feed(ByteBuffer.wrap(bytes.getBytes()), this::onFrame);
        if (malformation != Malformation.NONE && !isClosed) {
            receiver.onLost(new NetworkException.Disconnected(
                    "what came from " + server + " is not TURN: " + malformation.meaning()
                            + "; check that a TURN server listens on this port",
                    null));
        }
    }

    private void onFrame(ByteBuffer buffer, int offset, int lengthBytes) {
        if (isClosed) {
            return;
        }
        tap.onMessage(
                PacketTap.Direction.RECEIVED,
                server.transport(),
                local,
                server.address(),
                buffer.slice(offset, lengthBytes));
        receiver.onMessage(buffer, offset, lengthBytes);
    }

    private void lose(@Nullable Throwable cause) {
        if (!isClosed) {
            receiver.onLost(StreamFailures.lost(server, cause));
        }
    }

    @Override
    public Future<Void> send(Buffer message) {
        ByteBuffer shown = ByteBuffer.wrap(message.getBytes());
        tap.onMessage(PacketTap.Direction.SENT, server.transport(), local, server.address(), shown);
        return socket.write(message);
    }

    @Override
    public Optional<X509Certificate> certificate() {
        try {
            List<Certificate> shown = socket.peerCertificates();
            return shown == null
                    ? Optional.empty()
                    : shown.stream()
                            .filter(X509Certificate.class::isInstance)
                            .map(X509Certificate.class::cast)
                            .findFirst();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    @Override
    public Future<Void> close() {
        isClosed = true;
        return client.close();
    }
}
