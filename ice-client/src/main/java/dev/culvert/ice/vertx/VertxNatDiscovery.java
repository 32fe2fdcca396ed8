package dev.culvert.ice.vertx;

import dev.culvert.ice.nat.DiscoveryPlan;
import dev.culvert.ice.nat.NatDiscovery;
import dev.culvert.ice.nat.NatReport;
import dev.culvert.ice.nat.StreamCheck;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.util.List;

/**
 * Runs a {@link NatDiscovery} with real sockets.
 *
 * <pre>{@code
 * DiscoveryPlan plan = new DiscoveryPlan(
 *         List.of(new ProbeServer("the server's name", server)),
 *         LocalAddresses.ofReach(LocalAddresses.routeTo(server)),
 *         RetransmissionSchedule.probe(),
 *         0);
 * return VertxNatDiscovery.run(vertx, plan, SocketOptions.ANY, List.of(), PacketTap.NONE)
 *         .map(report -> report.verdict().natType());
 * }</pre>
 */
public final class VertxNatDiscovery {
    private VertxNatDiscovery() {}

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
        NatDiscovery[] discovery = new NatDiscovery[1];
        VertxMeasurement<NatReport> run =
                VertxMeasurement.start(vertx, plan.localAddresses().get(0), options, tap, output -> {
                    discovery[0] = new NatDiscovery(plan, new SecureRandom(), output);
                    return discovery[0];
                });
        streamChecks.forEach(check ->
                check.onSuccess(result -> run.tell(() -> discovery[0].onStreamCheck(result, System.nanoTime()))));
        return run.result();
    }
}
