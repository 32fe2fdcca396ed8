package dev.culvert.ice.vertx;

import dev.culvert.ice.SocketId;
import dev.culvert.ice.nat.DiscoveryPlan;
import dev.culvert.ice.nat.NatDiscovery;
import dev.culvert.ice.nat.NatReport;
import dev.culvert.ice.nat.StreamCheck;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;

/** Runs a {@link NatDiscovery} with real sockets. */
public final class VertxNatDiscovery {
    private final NatDiscovery discovery;
    private final UdpSockets sockets;
    private final Deadline deadline;
    private final Promise<NatReport> promise = Promise.promise();
    private boolean finished;

    private VertxNatDiscovery(Vertx vertx, DiscoveryPlan plan, SocketOptions options, PacketTap tap) {
        IpAddress routeAddress = plan.localAddresses().get(0);
        sockets = new UdpSockets(vertx, options, routeAddress, tap, this::onDatagram, this::fail);
        discovery = new NatDiscovery(plan, new SecureRandom(), new Output());
        deadline = new Deadline(vertx, this::onTimeout);
    }

    /**
     * Finds out what NAT this host is behind.
     *
     * @param plan whose number of stream checks is that of {@code streamChecks}
     * @param streamChecks attempts over TCP and TLS that run meanwhile; they must not fail
     * @return the report, or a failure with a {@link NetworkException}; all sockets are closed then
     */
    public static Future<NatReport> run(
            Vertx vertx,
            DiscoveryPlan plan,
            SocketOptions options,
            List<Future<StreamCheck>> streamChecks,
            PacketTap tap) {
        Promise<NatReport> result = Promise.promise();
        Context context = vertx.getOrCreateContext();
        context.exceptionHandler(result::tryFail);
        context.runOnContext(onLoop -> {
            VertxNatDiscovery run = new VertxNatDiscovery(vertx, plan, options, tap);
            run.promise.future().onSuccess(result::tryComplete).onFailure(result::tryFail);
            run.start(context, streamChecks);
        });
        return result.future();
    }

    private void start(Context context, List<Future<StreamCheck>> streamChecks) {
        streamChecks.forEach(check -> check.onSuccess(result -> context.runOnContext(onLoop -> onStreamCheck(result))));
        discovery.start(System.nanoTime());
        followDeadline();
    }

    private void onDatagram(SocketId socket, TransportAddress from, ByteBuffer bytes) {
        if (!finished) {
            discovery.onMessage(socket, from, bytes, System.nanoTime());
            followDeadline();
        }
    }

    private void onStreamCheck(StreamCheck check) {
        if (!finished) {
            discovery.onStreamCheck(check, System.nanoTime());
            followDeadline();
        }
    }

    private void onTimeout() {
        if (!finished) {
            discovery.onTimeout(System.nanoTime());
            followDeadline();
        }
    }

    private void followDeadline() {
        if (!finished) {
            deadline.follow(discovery.nextDeadlineNanos());
        }
    }

    private void finish(NatReport report) {
        finished = true;
        deadline.cancel();
        sockets.close().onComplete(closed -> promise.tryComplete(report));
    }

    private void fail(NetworkException cause) {
        finished = true;
        deadline.cancel();
        sockets.close().onComplete(closed -> promise.tryFail(cause));
    }

    private final class Output implements NatDiscovery.Output {
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
        public void onFinished(NatReport report) {
            finish(report);
        }
    }
}
