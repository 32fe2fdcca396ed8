package dev.culvert.ice.vertx;

import dev.culvert.ice.SocketId;
import dev.culvert.ice.nat.Measurement;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.function.Function;

/**
 * Runs a {@link Measurement} with real sockets and one timer on an event loop.
 *
 * @param <R> what it finds out
 */
public final class VertxMeasurement<R> implements AutoCloseable {
    private final Context context;
    private final UdpSockets sockets;
    private final Deadline deadline;
    private final Measurement measurement;
    private final Promise<R> promise = Promise.promise();
    private boolean finished;

    private VertxMeasurement(
            Vertx vertx,
            Context context,
            IpAddress routeAddress,
            SocketOptions options,
            PacketTap tap,
            Function<Measurement.Output<R>, Measurement> measurement) {
        this.context = context;
        sockets = new UdpSockets(vertx, options, routeAddress, tap, this::onDatagram, this::fail);
        deadline = new Deadline(vertx, this::onTimeout);
        this.measurement = measurement.apply(new Output());
    }

    /**
     * Begins at once.
     *
     * @param routeAddress the local address that packets to the server leave from
     * @param measurement makes the measurement, which sends and reports to the output that it is given
     */
    public static <R> VertxMeasurement<R> start(
            Vertx vertx,
            IpAddress routeAddress,
            SocketOptions options,
            PacketTap tap,
            Function<Measurement.Output<R>, Measurement> measurement) {
        Context context = vertx.getOrCreateContext();
        VertxMeasurement<R> run = new VertxMeasurement<>(vertx, context, routeAddress, options, tap, measurement);
        run.tell(() -> run.measurement.start(System.nanoTime()));
        return run;
    }

    /** What it found out, or a failure with a {@link NetworkException}; all sockets are closed then. */
    public Future<R> result() {
        return promise.future();
    }

    /** Ends it early; the result fails with a {@link CancellationException} unless it is there already. */
    @Override
    public void close() {
        context.runOnContext(onLoop -> {
            if (!finished) {
                end().onComplete(closed -> promise.tryFail(new CancellationException("the measurement was closed")));
            }
        });
    }

    /** Lets {@code call} tell the measurement something, unless that is at its end. */
    void tell(Runnable call) {
        context.runOnContext(onLoop -> drive(call));
    }

    private void onDatagram(SocketId socket, TransportAddress from, ByteBuffer bytes) {
        drive(() -> measurement.onMessage(socket, from, bytes, System.nanoTime()));
    }

    private void onTimeout() {
        drive(() -> measurement.onTimeout(System.nanoTime()));
    }

    private void drive(Runnable call) {
        if (finished) {
            return;
        }
        try {
            call.run();
        } catch (RuntimeException e) {
            fail(e);
        }
        if (!finished) {
            deadline.follow(measurement.nextDeadlineNanos());
        }
    }

    private void fail(Throwable cause) {
        end().onComplete(closed -> promise.tryFail(cause));
    }

    private Future<Void> end() {
        finished = true;
        deadline.cancel();
        return sockets.close();
    }

    private final class Output implements Measurement.Output<R> {
        @Override
        public SocketId openSocket(AddressFamily family) {
            return sockets.open(family);
        }

        @Override
        public int localPort(SocketId socket) {
            return sockets.localPort(socket);
        }

        @Override
        public void send(SocketId socket, TransportAddress to, ByteBuffer bytes) {
            sockets.send(socket, to, bytes);
        }

        @Override
        public void onFinished(R report) {
            end().onComplete(closed -> promise.tryComplete(report));
        }
    }
}
