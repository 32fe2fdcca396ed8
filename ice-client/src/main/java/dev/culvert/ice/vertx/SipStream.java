package dev.culvert.ice.vertx;

import dev.culvert.ice.sip.SipAnswer;
import dev.culvert.ice.sip.SipAnswerFrames;
import dev.culvert.ice.sip.SipAttempt;
import dev.culvert.ice.sip.SipMethod;
import dev.culvert.ice.sip.SipRequest;
import dev.culvert.ice.sip.SipTransport;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** One SIP request over a TCP connection of its own. */
final class SipStream {
    private final NetSocket socket;
    private final SipRequest request;
    private final PacketTap tap;
    private final SipAnswerFrames frames = new SipAnswerFrames();
    private final Promise<SipAttempt> promise = Promise.promise();

    private SipStream(NetSocket socket, SipRequest request, PacketTap tap) {
        this.socket = socket;
        this.request = request;
        this.tap = tap;
    }

    /** Connects and asks; never fails. */
    static Future<SipAttempt> ask(
            Vertx vertx, SipMethod method, TransportAddress server, SipProbe.Plan plan, PacketTap tap) {
        StreamBinding.Options options = new StreamBinding.Options(
                false,
                StreamBinding.Trust.DANGER_ANY,
                plan.timeout(),
                plan.sockets().localAddress());
        NetClient client = vertx.createNetClient(StreamBinding.clientOptions(options));
        return StreamBinding.connect(client, server, options.trust())
                .compose(socket -> ask(vertx, socket, method, server, plan, tap).onComplete(done -> client.close()))
                .otherwise(cause -> SipAttempt.failed(
                        method,
                        SipTransport.TCP,
                        server.port(),
                        SipAttempt.Outcome.NOT_CONNECTED,
                        cause.getMessage() == null ? cause.toString() : cause.getMessage()));
    }

    private static Future<SipAttempt> ask(
            Vertx vertx,
            NetSocket socket,
            SipMethod method,
            TransportAddress server,
            SipProbe.Plan plan,
            PacketTap tap) {
        TransportAddress local = UdpSockets.addressOf(socket.localAddress());
        SipRequest request = SipRequest.create(method, SipTransport.TCP, server, local, new SecureRandom());
        return new SipStream(socket, request, tap).send(vertx, plan.timeout().toMillis());
    }

    private Future<SipAttempt> send(Vertx vertx, long timeoutMillis) {
        socket.handler(this::onBytes);
        socket.exceptionHandler(cause -> end(SipAttempt.Outcome.CLOSED, String.valueOf(cause.getMessage())));
        socket.closeHandler(closed -> end(SipAttempt.Outcome.CLOSED, "the connection was closed without an answer"));
        long timer = vertx.setTimer(
                timeoutMillis, due -> end(SipAttempt.Outcome.SILENT, "no answer within " + timeoutMillis + " ms"));
        tell(PacketTap.Direction.SENT, request.bytes());
        socket.write(Buffer.buffer(request.bytes()));
        return promise.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    private void onBytes(Buffer bytes) {
        tell(PacketTap.Direction.RECEIVED, bytes.getBytes());
        frames.feed(bytes.getBytes())
                .flatMap(answer -> SipAnswer.read(answer, request.mark()))
                .ifPresent(answer -> promise.tryComplete(SipAttempt.answered(request, answer)));
    }

    private void tell(PacketTap.Direction direction, byte[] bytes) {
        tap.onMessage(direction, PacketTap.Transport.TCP, request.local(), request.server(), ByteBuffer.wrap(bytes));
    }

    private void end(SipAttempt.Outcome outcome, String detail) {
        promise.tryComplete(SipAttempt.failed(
                request.method(), SipTransport.TCP, request.server().port(), outcome, detail));
    }
}
