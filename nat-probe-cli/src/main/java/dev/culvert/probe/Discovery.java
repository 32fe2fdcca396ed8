package dev.culvert.probe;

import dev.culvert.ice.nat.DiscoveryPlan;
import dev.culvert.ice.nat.NatReport;
import dev.culvert.ice.nat.StreamCheck;
import dev.culvert.ice.vertx.LocalAddresses;
import dev.culvert.ice.vertx.NetworkException;
import dev.culvert.ice.vertx.PacketTap;
import dev.culvert.ice.vertx.SocketOptions;
import dev.culvert.ice.vertx.StreamBinding;
import dev.culvert.ice.vertx.StreamChecks;
import dev.culvert.ice.vertx.VertxNatDiscovery;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs one classification, as the common options say. */
final class Discovery {
    /** Connections are given up when the UDP tests are. */
    private static final Duration STREAM_TIMEOUT = Duration.ofMillis(2500);

    /** Far longer than any discovery takes after its last deadline. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final Vertx vertx;
    private final CommonOptions options;
    private final PacketTap tap;

    Discovery(Vertx vertx, CommonOptions options, PacketTap tap) {
        this.vertx = vertx;
        this.options = options;
        this.tap = tap;
    }

    NatReport run(Targets targets, Console console) throws NetworkException {
        SocketOptions sockets = options.socketOptions(targets.family());
        List<IpAddress> local = sockets.localAddress().isPresent()
                ? List.of(sockets.localAddress().get())
                : LocalAddresses.ofReach(
                        LocalAddresses.routeTo(targets.targets().get(0).address()));
        List<Future<StreamCheck>> checks = streamChecks(targets, sockets.localAddress());
        DiscoveryPlan plan = new DiscoveryPlan(targets.servers(), local, options.schedule(), checks.size());
        // Mapping, alternates, filtering with its controls, drift: each waits for the silent once at most.
        Duration expected = plan.schedule().giveUpAfter().multipliedBy(4);
        Duration limit = plan.schedule().giveUpAfter().multipliedBy(6).plus(GRACE);
        try (Progress progress = console.progress()) {
            progress.waitFor("answers of " + targets.targets().size() + " servers", expected);
            return Waiting.atMost(limit, "discovery", VertxNatDiscovery.run(vertx, plan, sockets, checks, tap));
        }
    }

    private List<Future<StreamCheck>> streamChecks(Targets targets, Optional<IpAddress> local) {
        Duration wanted = options.timeoutOrDefault();
        Duration timeout = wanted.compareTo(STREAM_TIMEOUT) < 0 ? wanted : STREAM_TIMEOUT;
        List<Future<StreamCheck>> checks = new ArrayList<>();
        for (Targets.Target target : targets.targets()) {
            for (StreamCheck.Transport transport : StreamCheck.Transport.values()) {
                boolean tls = transport == StreamCheck.Transport.TLS;
                StreamBinding.Options stream =
                        new StreamBinding.Options(tls, StreamBinding.Trust.DANGER_ANY, timeout, local);
                TransportAddress address = tls ? target.tlsAddress() : target.address();
                checks.add(StreamChecks.check(vertx, target.server(), address, transport, stream, tap));
            }
        }
        return checks;
    }
}
