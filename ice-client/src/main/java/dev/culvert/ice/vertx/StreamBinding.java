package dev.culvert.ice.vertx;

import dev.culvert.stun.Malformation;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** One Binding request over a TCP or TLS connection of its own (RFC 8489 §6.2.2). */
public final class StreamBinding {
    private final NetSocket socket;
    private final PacketTap.Transport transport;
    private final PacketTap tap;
    private final Promise<StunMessage> answer = Promise.promise();
    private final TransactionId id = TransactionId.random(new SecureRandom());
    private Buffer received = Buffer.buffer();

    private StreamBinding(NetSocket socket, PacketTap.Transport transport, PacketTap tap) {
        this.socket = socket;
        this.transport = transport;
        this.tap = tap;
    }

    /**
     * How a connection is made.
     *
     * @param tls whether TLS is spoken
     * @param serverName the name that the certificate must carry; empty to accept any certificate
     * @param timeout for the connection, and again for the answer
     */
    public record Options(boolean tls, String serverName, Duration timeout) {}

    /** A connection that was made, and the answer that may come over it. */
    public record Connected(Future<StunMessage> answer) {}

    /** Connects to {@code server} and asks; the connection is closed when the answer has come or its time is over. */
    public static Future<Connected> ask(Vertx vertx, TransportAddress server, Options options, PacketTap tap) {
        int timeoutMillis = Math.toIntExact(options.timeout().toMillis());
        NetClientOptions clientOptions = new NetClientOptions()
                .setConnectTimeout(timeoutMillis)
                .setSsl(options.tls())
                .setTrustAll(options.serverName().isEmpty())
                .setHostnameVerificationAlgorithm(options.serverName().isEmpty() ? "" : "HTTPS")
                .setSslHandshakeTimeout(timeoutMillis)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        NetClient client = vertx.createNetClient(clientOptions);
        PacketTap.Transport transport = options.tls() ? PacketTap.Transport.TLS : PacketTap.Transport.TCP;
        Future<NetSocket> connection = options.serverName().isEmpty()
                ? client.connect(server.port(), server.ip().toString())
                : client.connect(server.port(), server.ip().toString(), options.serverName());
        return connection.onFailure(cause -> client.close()).map(socket -> {
            StreamBinding binding = new StreamBinding(socket, transport, tap);
            return new Connected(binding.ask(vertx, timeoutMillis).onComplete(done -> client.close()));
        });
    }

    private Future<StunMessage> ask(Vertx vertx, int timeoutMillis) {
        socket.handler(this::onBytes);
        socket.closeHandler(closed -> answer.tryFail("the server closed the connection"));
        socket.exceptionHandler(answer::tryFail);
        long timer = vertx.setTimer(timeoutMillis, due -> answer.tryFail("no answer within " + timeoutMillis + " ms"));
        ByteBuffer request = ByteBuffer.allocate(StunMessage.HEADER_LENGTH);
        new StunWriter().begin(request, MessageClass.REQUEST, StunMethod.BINDING, id);
        tell(PacketTap.Direction.SENT, request.flip());
        socket.write(Buffer.buffer(request.array()));
        return answer.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    private void onBytes(Buffer bytes) {
        received = received.appendBuffer(bytes);
        if (received.length() < StunMessage.HEADER_LENGTH) {
            return;
        }
        // RFC 8489 §6.2.2: over a stream, the length field tells where a message ends.
        int length = StunMessage.HEADER_LENGTH + received.getUnsignedShort(2);
        if (received.length() < length) {
            return;
        }
        ByteBuffer whole = ByteBuffer.wrap(received.getBytes(0, length));
        tell(PacketTap.Direction.RECEIVED, whole.duplicate());
        StunMessage message = new StunMessage();
        if (message.wrap(whole) != Malformation.NONE || !message.hasTransactionId(id)) {
            answer.tryFail("what came is no answer to a STUN request");
            return;
        }
        answer.tryComplete(message);
    }

    private void tell(PacketTap.Direction direction, ByteBuffer bytes) {
        TransportAddress local = UdpSockets.addressOf(socket.localAddress());
        TransportAddress remote = UdpSockets.addressOf(socket.remoteAddress());
        tap.onMessage(direction, transport, local, remote, bytes);
    }
}
