package dev.culvert.ice.vertx;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.ice.SocketId;
import dev.culvert.ice.StunReply;
import dev.culvert.ice.StunRequest;
import dev.culvert.ice.StunTransaction;
import dev.culvert.ice.StunTransactionHandler;
import dev.culvert.ice.StunTransactions;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** One Binding transaction over a UDP socket of its own (RFC 8489 §6.2.1). */
public final class UdpBinding implements StunTransactionHandler {
    private final UdpSockets sockets;
    private final StunTransactions transactions;
    private final Deadline deadline;
    private final Promise<Answer> promise = Promise.promise();

    /**
     * What came back.
     *
     * @param message the response, success or error
     * @param local the socket that asked
     */
    public record Answer(StunMessage message, TransportAddress local) {}

    private UdpBinding(Vertx vertx, SocketOptions options, IpAddress routeAddress, PacketTap tap) {
        sockets = new UdpSockets(vertx, options, routeAddress, tap, this::onDatagram, this::fail);
        transactions = new StunTransactions(sockets::send);
        deadline = new Deadline(vertx, this::onTimeout);
    }

    /** Asks {@code server}; fails with a {@link NetworkException} where it cannot be reached or does not answer. */
    public static Future<Answer> ask(
            Vertx vertx,
            TransportAddress server,
            RetransmissionSchedule schedule,
            SocketOptions options,
            PacketTap tap) {
        Promise<Answer> result = Promise.promise();
        vertx.getOrCreateContext().runOnContext(onLoop -> {
            try {
                IpAddress routeAddress = LocalAddresses.routeTo(server);
                UdpBinding binding = new UdpBinding(vertx, options, routeAddress, tap);
                binding.promise.future().onComplete(result);
                binding.start(server, schedule);
            } catch (NetworkException e) {
                result.fail(e);
            }
        });
        return result.future();
    }

    private void start(TransportAddress server, RetransmissionSchedule schedule) {
        SocketId socket = sockets.open(server.ip().family());
        TransactionId id = TransactionId.random(new SecureRandom());
        ByteBuffer bytes = ByteBuffer.allocate(StunMessage.HEADER_LENGTH);
        new StunWriter().begin(bytes, MessageClass.REQUEST, StunMethod.BINDING, id);
        StunRequest request = new StunRequest(socket, server, server, id, bytes.flip(), schedule);
        transactions.start(request, this, System.nanoTime());
        deadline.follow(transactions.nextDeadlineNanos());
    }

    private void onDatagram(SocketId socket, TransportAddress from, ByteBuffer bytes) {
        transactions.onMessage(socket, from, bytes, System.nanoTime());
        deadline.follow(transactions.nextDeadlineNanos());
    }

    private void onTimeout() {
        transactions.onTimeout(System.nanoTime());
        deadline.follow(transactions.nextDeadlineNanos());
    }

    @Override
    public void onAnswer(StunRequest request, StunReply answer, StunTransaction transaction) {
        Answer result = new Answer(answer.message(), sockets.localAddress(request.socket()));
        sockets.close().onComplete(closed -> promise.tryComplete(result));
    }

    @Override
    public void onSilence(StunRequest request, StunTransaction transaction) {
        fail(new NetworkException.TimedOut(
                "no answer from " + request.to() + " over UDP to " + transaction.sent()
                        + " requests within " + request.schedule().giveUpAfter().toMillis()
                        + " ms; check address and port, or try --transport tcp",
                null));
    }

    private void fail(NetworkException cause) {
        deadline.cancel();
        sockets.close().onComplete(closed -> promise.tryFail(cause));
    }
}
