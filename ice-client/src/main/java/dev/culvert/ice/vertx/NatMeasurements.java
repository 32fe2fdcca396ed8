package dev.culvert.ice.vertx;

import dev.culvert.ice.nat.HairpinDiscovery;
import dev.culvert.ice.nat.HairpinReport;
import dev.culvert.ice.nat.LifetimeDiscovery;
import dev.culvert.ice.nat.LifetimeEvent;
import dev.culvert.ice.nat.LifetimePlan;
import dev.culvert.ice.nat.LifetimeReport;
import dev.culvert.ice.nat.MeasurementPlan;
import dev.culvert.ice.nat.PortReport;
import dev.culvert.ice.nat.PortSample;
import dev.culvert.ice.nat.PortSampling;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;

/**
 * The measurements that look closer at one property of a NAT, with real sockets.
 *
 * <pre>{@code
 * MeasurementPlan plan = new MeasurementPlan(server, local, RetransmissionSchedule.probe());
 * return NatMeasurements.ports(vertx, plan, 16, SocketOptions.ANY, PacketTap.NONE, done -> {})
 *         .map(PortReport::assignment);
 * }</pre>
 */
public final class NatMeasurements {
    private static final int CONSECUTIVE_PORTS = 8;
    private static final int FIRST_PORT = 20_000;
    private static final int PORTS = 12_000;
    private static final int MAX_ATTEMPTS = 5;

    private NatMeasurements() {}

    /**
     * How long idle mappings live; takes about as long as the longest rung at most, ten minutes with the usual ones.
     *
     * @param events told meanwhile, on the event loop
     */
    public static VertxMeasurement<LifetimeReport> lifetime(
            Vertx vertx, LifetimePlan plan, SocketOptions options, PacketTap tap, Consumer<LifetimeEvent> events) {
        return VertxMeasurement.start(
                vertx,
                plan.localAddresses().get(0),
                options,
                tap,
                out -> new LifetimeDiscovery(plan, new SecureRandom(), out, events));
    }

    /** Whether two sockets behind this NAT can meet at its public address; run it only where the user asked for it. */
    public static VertxMeasurement<HairpinReport> hairpin(
            Vertx vertx, MeasurementPlan plan, SocketOptions options, PacketTap tap) {
        return VertxMeasurement.start(
                vertx,
                plan.localAddresses().get(0),
                options,
                tap,
                out -> new HairpinDiscovery(plan, new SecureRandom(), out));
    }

    /**
     * How external ports are chosen: {@code sockets} on ports that the system picks, then eight on consecutive ones
     * from a random even port on.
     *
     * @param sockets 1 to 200
     * @param onSample told after each how many there are, on the event loop
     */
    public static Future<PortReport> ports(
            Vertx vertx,
            MeasurementPlan plan,
            int sockets,
            SocketOptions options,
            PacketTap tap,
            IntConsumer onSample) {
        return sample(vertx, plan, sockets, options, tap, onSample).compose(scattered -> {
            if (scattered.isEmpty()) {
                return Future.succeededFuture(
                        PortReport.of(plan.server(), plan.localAddresses(), scattered, List.of()));
            }
            IntConsumer onFurther = further -> onSample.accept(sockets + further);
            return consecutive(vertx, plan, options, tap, onFurther, new SecureRandom(), MAX_ATTEMPTS)
                    .map(consecutive -> PortReport.of(plan.server(), plan.localAddresses(), scattered, consecutive));
        });
    }

    /** Tries further ports where some are taken; without a result where all attempts fail. */
    private static Future<List<PortSample>> consecutive(
            Vertx vertx,
            MeasurementPlan plan,
            SocketOptions options,
            PacketTap tap,
            IntConsumer onSample,
            RandomGenerator random,
            int attempts) {
        if (attempts == 0) {
            return Future.succeededFuture(List.of());
        }
        int even = FIRST_PORT + 2 * random.nextInt(PORTS / 2);
        SocketOptions there = new SocketOptions(options.localAddress(), even);
        return sample(vertx, plan, CONSECUTIVE_PORTS, there, tap, onSample)
                .recover(cause -> cause instanceof NetworkException.CannotBind
                        ? consecutive(vertx, plan, options, tap, onSample, random, attempts - 1)
                        : Future.failedFuture(cause));
    }

    private static Future<List<PortSample>> sample(
            Vertx vertx, MeasurementPlan plan, int count, SocketOptions options, PacketTap tap, IntConsumer onSample) {
        VertxMeasurement<List<PortSample>> run = VertxMeasurement.start(
                vertx,
                plan.localAddresses().get(0),
                options,
                tap,
                out -> new PortSampling(plan, count, new SecureRandom(), out, onSample));
        return run.result();
    }
}
