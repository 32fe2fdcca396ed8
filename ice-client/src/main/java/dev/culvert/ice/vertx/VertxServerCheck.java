package dev.culvert.ice.vertx;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.ice.SocketId;
import dev.culvert.ice.check.CheckPlan;
import dev.culvert.ice.check.ServerCheck;
import dev.culvert.ice.check.ServerReport;
import dev.culvert.ice.nat.ProbeServer;
import dev.culvert.ice.nat.StreamCheck;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Runs a {@link ServerCheck} with real sockets. */
public final class VertxServerCheck {
    private final UdpSockets sockets;
    private final Deadline deadline;
    private final Promise<ServerReport> promise = Promise.promise();
    private @Nullable ServerCheck check;
    private boolean finished;

    /**
     * What a check is told.
     *
     * @param server whom to ask over UDP, and over TCP at the same port
     * @param tlsAddress where it is asked over TLS
     * @param trust which certificates are good
     * @param schedule when requests over UDP are repeated
     * @param streamTimeout for each connection, and again for its answer
     * @param sockets how UDP sockets are opened
     * @param clock by which certificates expire
     */
    public record Options(
            ProbeServer server,
            TransportAddress tlsAddress,
            StreamBinding.Trust trust,
            RetransmissionSchedule schedule,
            Duration streamTimeout,
            SocketOptions sockets,
            Clock clock) {}

    private VertxServerCheck(Vertx vertx, Options options, PacketTap tap) throws NetworkException {
        sockets = new UdpSockets(
                vertx,
                options.sockets(),
                LocalAddresses.routeTo(options.server().address()),
                tap,
                this::onDatagram,
                this::fail);
        deadline = new Deadline(vertx, this::onTimeout);
    }

    /**
     * Finds out what a server supports and where it is wrong.
     *
     * @return the report, or a failure with a {@link NetworkException}; all sockets are closed then
     */
    public static Future<ServerReport> run(Vertx vertx, Options options, PacketTap tap) {
        Promise<ServerReport> result = Promise.promise();
        Context context = vertx.getOrCreateContext();
        context.exceptionHandler(result::tryFail);
        context.runOnContext(onLoop -> {
            try {
                VertxServerCheck run = new VertxServerCheck(vertx, options, tap);
                run.promise.future().onSuccess(result::tryComplete).onFailure(result::tryFail);
                run.start(vertx, context, options, tap);
            } catch (NetworkException e) {
                result.tryFail(e);
            }
        });
        return result.future();
    }

    private void start(Vertx vertx, Context context, Options options, PacketTap tap) {
        CheckPlan plan = new CheckPlan(options.server(), options.schedule(), true);
        ServerCheck started = ServerCheck.start(plan, new SecureRandom(), System.nanoTime(), new Output());
        check = started;
        StreamBinding.Options plain = new StreamBinding.Options(
                false,
                StreamBinding.Trust.DANGER_ANY,
                options.streamTimeout(),
                options.sockets().localAddress());
        TransportAddress address = options.server().address();
        StreamChecks.check(vertx, options.server(), address, StreamCheck.Transport.TCP, plain, tap)
                .onSuccess(tcp -> context.runOnContext(onLoop -> {
                    started.onTcp(tcp, System.nanoTime());
                    followDeadline();
                }));
        TlsChecks.check(vertx, options, tap)
                .onSuccess(tls -> context.runOnContext(onLoop -> {
                    started.onTls(tls, System.nanoTime());
                    followDeadline();
                }));
        followDeadline();
    }

    private void onDatagram(SocketId socket, TransportAddress from, ByteBuffer bytes) {
        ServerCheck running = check;
        if (!finished && running != null) {
            running.onMessage(socket, from, bytes, System.nanoTime());
            followDeadline();
        }
    }

    private void onTimeout() {
        ServerCheck running = check;
        if (!finished && running != null) {
            running.onTimeout(System.nanoTime());
            followDeadline();
        }
    }

    private void followDeadline() {
        ServerCheck running = check;
        if (!finished && running != null) {
            deadline.follow(running.nextDeadlineNanos());
        }
    }

    private void fail(NetworkException cause) {
        finished = true;
        deadline.cancel();
        sockets.close().onComplete(closed -> promise.tryFail(cause));
    }

    private final class Output implements ServerCheck.Output {
        @Override
        public SocketId openSocket(AddressFamily family) {
            return sockets.open(family);
        }

        @Override
        public void send(SocketId socket, TransportAddress to, ByteBuffer bytes) {
            sockets.send(socket, to, bytes);
        }

        @Override
        public void onFinished(ServerReport report) {
            finished = true;
            deadline.cancel();
            sockets.close().onComplete(closed -> promise.tryComplete(report));
        }
    }
}
