package dev.culvert.ice.vertx;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.ice.SocketId;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A datagram from a plain socket to a relayed address, which the client of the allocation sends back. Owned by one event
 * loop.
 */
final class OutsideCheck {
    private static final RetransmissionSchedule SCHEDULE = RetransmissionSchedule.probe();

    private final Vertx vertx;
    private final TransportAddress relayed;
    private final byte[] call;
    private final UdpSockets sockets;
    private final Promise<Boolean> passed = Promise.promise();

    private OutsideCheck(
            Vertx vertx, TransportAddress relayed, IpAddress routeAddress, SocketOptions options, int number) {
        this.vertx = vertx;
        this.relayed = relayed;
        this.call = ("outside " + number).getBytes(StandardCharsets.US_ASCII);
        this.sockets = new UdpSockets(
                vertx,
                new SocketOptions(options.localAddress(), 0),
                routeAddress,
                PacketTap.NONE,
                this::onDatagram,
                passed::tryFail);
    }

    /**
     * Calls the allocation, whose client answers every call by {@link #answer}.
     *
     * @param number tells this call from others
     * @return whether an answer came; a failure where nothing could be sent
     */
    static Future<Boolean> run(Vertx vertx, TransportAddress relayed, SocketOptions options, int number) {
        try {
            IpAddress routeAddress = LocalAddresses.routeTo(relayed);
            return new OutsideCheck(vertx, relayed, routeAddress, options, number).call();
        } catch (NetworkException e) {
            return Future.failedFuture(e);
        }
    }

    /** Sends {@code data} of {@code peer} back to it through the allocation. */
    static void answer(TurnConnection connection, TransportAddress peer, ByteBuffer data) {
        ByteBuffer copy =
                ByteBuffer.allocate(data.remaining()).put(data.duplicate()).flip();
        connection.send(peer, copy);
    }

    private Future<Boolean> call() {
        SocketId socket = sockets.open(relayed.ip().family());
        for (Duration moment : SCHEDULE.sendAfter()) {
            vertx.setTimer(Math.max(1, moment.toMillis()), due -> {
                if (!passed.future().isComplete()) {
                    sockets.send(socket, relayed, Buffer.buffer(call));
                }
            });
        }
        long timer = vertx.setTimer(SCHEDULE.giveUpAfter().toMillis(), due -> passed.tryComplete(false));
        return passed.future().eventually(() -> {
            vertx.cancelTimer(timer);
            return sockets.close();
        });
    }

    private void onDatagram(SocketId socket, TransportAddress from, ByteBuffer bytes) {
        if (from.equals(relayed) && bytes.equals(ByteBuffer.wrap(call))) {
            passed.tryComplete(true);
        }
    }
}
