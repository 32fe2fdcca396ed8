package dev.culvert.testkit.nat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a NAT remembers; what has expired is passed over, and forgotten when something takes its place. */
final class MappingTable {
    private final NatBehavior behavior;
    private final Map<Key, NatMapping> byKey = new LinkedHashMap<>();
    private final Map<InetSocketAddress, List<NatMapping>> byExternal = new LinkedHashMap<>();
    private final Map<InetSocketAddress, List<NatMapping>> byInternal = new LinkedHashMap<>();
    private final Map<Flow, Long> routersOwn = new LinkedHashMap<>();

    MappingTable(NatBehavior behavior) {
        this.behavior = behavior;
    }

    Optional<NatMapping> find(InetSocketAddress internal, InetSocketAddress remote, boolean translated, long nowNanos) {
        NatMapping mapping = byKey.get(key(internal, remote, translated));
        return Optional.ofNullable(mapping).filter(found -> found.isAlive(nowNanos));
    }

    NatMapping add(
            InetSocketAddress internal,
            InetSocketAddress external,
            InetSocketAddress remote,
            boolean translated,
            long nowNanos) {
        NatMapping mapping = new NatMapping(internal, external, behavior.lifetime(), nowNanos);
        byKey.put(key(internal, remote, translated), mapping);
        addTo(byExternal, external, mapping, nowNanos);
        addTo(byInternal, internal, mapping, nowNanos);
        return mapping;
    }

    /** The external endpoint of the live mapping of {@code internal} that was made last. */
    Optional<InetSocketAddress> newestExternal(InetSocketAddress internal, long nowNanos) {
        List<NatMapping> mappings = byInternal.getOrDefault(internal, List.of());
        return last(mappings.stream()
                        .filter(mapping -> mapping.isAlive(nowNanos))
                        .toList())
                .map(NatMapping::external);
    }

    /** The live mapping on {@code external} that lets {@code remote} in; of several, one that spoke with it, else the last. */
    Optional<NatMapping> admitting(InetSocketAddress external, InetSocketAddress remote, long nowNanos) {
        List<NatMapping> admitting = at(external, nowNanos).stream()
                .filter(mapping -> mapping.admits(remote, behavior.filtering(), nowNanos))
                .toList();
        Optional<NatMapping> acquainted = last(admitting.stream()
                .filter(mapping -> mapping.hasFlowWith(remote, nowNanos))
                .toList());
        return acquainted.or(() -> last(admitting));
    }

    boolean isMapped(InetSocketAddress external, long nowNanos) {
        return !at(external, nowNanos).isEmpty();
    }

    /** Whether a new mapping towards {@code remote} may use {@code external}. */
    boolean isFree(InetSocketAddress external, InetSocketAddress remote, long nowNanos) {
        if (behavior.tracking() == Tracking.MAPPINGS) {
            return at(external, nowNanos).isEmpty();
        }
        return !isRoutersOwn(external, remote, nowNanos)
                && at(external, nowNanos).stream().noneMatch(mapping -> mapping.hasFlowWith(remote, nowNanos));
    }

    /** Keeps an unsolicited datagram as a flow of the router itself. */
    void onRoutersOwn(InetSocketAddress external, InetSocketAddress remote, long nowNanos) {
        routersOwn.put(new Flow(external, remote), nowNanos);
    }

    List<ActiveMapping> active(long nowNanos) {
        return byExternal.keySet().stream()
                .flatMap(external -> at(external, nowNanos).stream())
                .map(mapping -> new ActiveMapping(mapping.internal(), mapping.external()))
                .toList();
    }

    private boolean isRoutersOwn(InetSocketAddress external, InetSocketAddress remote, long nowNanos) {
        Long seenNanos = routersOwn.get(new Flow(external, remote));
        return seenNanos != null
                && nowNanos - seenNanos < behavior.lifetime().fresh().toNanos();
    }

    private List<NatMapping> at(InetSocketAddress external, long nowNanos) {
        return byExternal.getOrDefault(external, List.of()).stream()
                .filter(mapping -> mapping.isAlive(nowNanos))
                .toList();
    }

    private static void addTo(
            Map<InetSocketAddress, List<NatMapping>> index, InetSocketAddress key, NatMapping mapping, long nowNanos) {
        List<NatMapping> mappings = index.computeIfAbsent(key, unused -> new ArrayList<>());
        mappings.removeIf(known -> !known.isAlive(nowNanos));
        mappings.add(mapping);
    }

    private Key key(InetSocketAddress internal, InetSocketAddress remote, boolean translated) {
        if (!translated) {
            return new Key(internal, null, 0);
        }
        if (behavior.tracking() != Tracking.MAPPINGS) {
            return new Key(internal, remote.getAddress(), remote.getPort());
        }
        return switch (behavior.mapping()) {
            case ENDPOINT_INDEPENDENT, NONE -> new Key(internal, null, 0);
            case ADDRESS_DEPENDENT -> new Key(internal, remote.getAddress(), 0);
            case ADDRESS_AND_PORT_DEPENDENT -> new Key(internal, remote.getAddress(), remote.getPort());
        };
    }

    private static Optional<NatMapping> last(List<NatMapping> mappings) {
        return mappings.isEmpty() ? Optional.empty() : Optional.of(mappings.get(mappings.size() - 1));
    }

    private record Key(InetSocketAddress internal, @Nullable InetAddress remoteAddress, int remotePort) {}

    private record Flow(InetSocketAddress external, InetSocketAddress remote) {}
}
