package dev.culvert.ice.vertx;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StreamFrames;
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
import io.vertx.core.net.PemTrustOptions;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One Binding request over a TCP or TLS connection of its own (RFC 8489 §6.2.2). */
public final class StreamBinding {
    private static final int MAX_ANSWER_BYTES = 4096;

    private final NetSocket socket;
    private final PacketTap.Transport transport;
    private final PacketTap tap;
    private final Promise<Answer> promise = Promise.promise();
    private final StreamFrames frames = new StreamFrames(MAX_ANSWER_BYTES);
    private final TransactionId id = TransactionId.random(new SecureRandom());

    private StreamBinding(NetSocket socket, PacketTap.Transport transport, PacketTap tap) {
        this.socket = socket;
        this.transport = transport;
        this.tap = tap;
    }

    /**
     * How a connection is made.
     *
     * @param tls whether TLS is spoken
     * @param trust which certificates are accepted
     * @param timeout for the connection, and again for the answer
     * @param localAddress the address to connect from; empty for the system's choice
     */
    public record Options(boolean tls, Trust trust, Duration timeout, Optional<IpAddress> localAddress) {}

    /**
     * Which certificates are accepted.
     *
     * @param dangerAny all of them
     * @param serverName the name to be shown to the server and found in the certificate; empty for its IP address
     * @param authoritiesFile PEM file of the authorities; empty for those of the JDK
     */
    public record Trust(boolean dangerAny, String serverName, String authoritiesFile) {
        /** Any certificate: for measuring reachability. */
        public static final Trust DANGER_ANY = new Trust(true, "", "");
    }

    /** The response, success or error, and the local end of its connection. */
    public record Answer(StunMessage message, TransportAddress local) {}

    /** A connection that was made, and the answer that may come over it. */
    public record Connected(Future<Answer> answer) {}

    /** Connects to {@code server} and asks; the connection is closed when the answer has come or its time is over. */
    public static Future<Connected> ask(Vertx vertx, TransportAddress server, Options options, PacketTap tap) {
        NetClient client = vertx.createNetClient(clientOptions(options));
        PacketTap.Transport transport = options.tls() ? PacketTap.Transport.TLS : PacketTap.Transport.TCP;
        return connect(client, server, options.trust()).map(socket -> {
            StreamBinding binding = new StreamBinding(socket, transport, tap);
            Future<Answer> answer = binding.ask(vertx, options.timeout().toMillis());
            return new Connected(answer.onComplete(done -> client.close()));
        });
    }

    /** Connects; without success {@code client} is closed. */
    static Future<NetSocket> connect(NetClient client, TransportAddress server, Trust trust) {
        String host = server.ip().toString();
        String name = trust.serverName();
        Future<NetSocket> connection =
                name.isEmpty() ? client.connect(server.port(), host) : client.connect(server.port(), host, name);
        return connection.onFailure(cause -> client.close());
    }

    static NetClientOptions clientOptions(Options options) {
        int timeoutMillis = Math.toIntExact(options.timeout().toMillis());
        Trust trust = options.trust();
        NetClientOptions clientOptions = new NetClientOptions()
                .setConnectTimeout(timeoutMillis)
                .setSsl(options.tls())
                .setTrustAll(trust.dangerAny())
                .setHostnameVerificationAlgorithm(trust.dangerAny() ? "" : "HTTPS")
                .setSslHandshakeTimeout(timeoutMillis)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        options.localAddress().ifPresent(local -> clientOptions.setLocalAddress(local.toString()));
        return trust.authoritiesFile().isEmpty()
                ? clientOptions
                : clientOptions.setTrustOptions(new PemTrustOptions().addCertPath(trust.authoritiesFile()));
    }

    private Future<Answer> ask(Vertx vertx, long timeoutMillis) {
        socket.handler(this::onBytes);
        socket.closeHandler(closed -> promise.tryFail("the server closed the connection"));
        socket.exceptionHandler(promise::tryFail);
        long timer = vertx.setTimer(timeoutMillis, due -> promise.tryFail("no answer within " + timeoutMillis + " ms"));
        ByteBuffer request = ByteBuffer.allocate(StunMessage.HEADER_LENGTH);
        new StunWriter().begin(request, MessageClass.REQUEST, StunMethod.BINDING, id);
        tell(PacketTap.Direction.SENT, request.flip());
        socket.write(Buffer.buffer(request.array()));
        return promise.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    private void onBytes(Buffer bytes) {
        Malformation malformation = frames.feed(ByteBuffer.wrap(bytes.getBytes()), this::onFrame);
        if (malformation != Malformation.NONE) {
            promise.tryFail("what came is not STUN: " + malformation.meaning());
        }
    }

    private void onFrame(ByteBuffer buffer, int offset, int lengthBytes) {
        byte[] copy = new byte[lengthBytes];
        buffer.get(offset, copy);
        ByteBuffer whole = ByteBuffer.wrap(copy);
        tell(PacketTap.Direction.RECEIVED, whole);
        StunMessage message = new StunMessage();
        if (message.wrap(whole) != Malformation.NONE || !message.hasTransactionId(id)) {
            promise.tryFail("what came is no answer to a STUN request");
            return;
        }
        promise.tryComplete(new Answer(message, UdpSockets.addressOf(socket.localAddress())));
    }

    private void tell(PacketTap.Direction direction, ByteBuffer bytes) {
        TransportAddress local = UdpSockets.addressOf(socket.localAddress());
        TransportAddress remote = UdpSockets.addressOf(socket.remoteAddress());
        tap.onMessage(direction, transport, local, remote, bytes);
    }
}
