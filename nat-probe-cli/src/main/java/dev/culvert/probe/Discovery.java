package dev.culvert.probe;

import dev.culvert.ice.nat.AddressScope;
import dev.culvert.ice.nat.DiscoveryPlan;
import dev.culvert.ice.nat.Nat64Prefix;
import dev.culvert.ice.nat.NatReport;
import dev.culvert.ice.nat.StreamCheck;
import dev.culvert.ice.vertx.LocalAddresses;
import dev.culvert.ice.vertx.Nat64Discovery;
import dev.culvert.ice.vertx.NetworkException;
import dev.culvert.ice.vertx.PacketTap;
import dev.culvert.ice.vertx.SocketOptions;
import dev.culvert.ice.vertx.StreamBinding;
import dev.culvert.ice.vertx.StreamChecks;
import dev.culvert.ice.vertx.VertxNatDiscovery;
import dev.culvert.stun.AddressFamily;
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

    /** A resolver that makes addresses up does so quickly. */
    private static final Duration NAT64_LIMIT = Duration.ofSeconds(1);

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
        DiscoveryPlan plan =
                new DiscoveryPlan(targets.servers(), local, nat64Prefixes(targets), options.schedule(), checks.size());
        // Mapping, alternates, filtering with its controls, drift: each waits for the silent once at most.
        Duration expected = plan.schedule().giveUpAfter().multipliedBy(4);
        Duration limit = plan.schedule().giveUpAfter().multipliedBy(6).plus(GRACE);
        try (Progress progress = console.progress()) {
            progress.waitFor("answers of " + targets.targets().size() + " servers", expected);
            return Waiting.atMost(limit, "discovery", VertxNatDiscovery.run(vertx, plan, sockets, checks, tap));
        }
    }

    /** Asked for only where a resolver can have made up an IPv6 address. */
    private List<Nat64Prefix> nat64Prefixes(Targets targets) throws NetworkException {
        boolean useful = targets.family() == AddressFamily.IPV6
                && targets.targets().stream()
                        .anyMatch(target -> AddressScope.of(target.ip()) != AddressScope.HOST
                                && IpAddress.parse(target.argument().host()).isEmpty());
        return useful
                ? Waiting.atMost(
                        GRACE, "looking up " + Nat64Prefix.IPV4_ONLY_NAME, Nat64Discovery.prefixes(vertx, NAT64_LIMIT))
                : List.of();
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
