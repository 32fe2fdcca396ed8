package dev.culvert.testkit.nat;

import dev.culvert.testkit.net.Addresses;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** Chooses the public address and port of a new mapping (RFC 4787 §4.1 and §4.2). */
final class ExternalEndpoints {
    private final List<InetAddress> publicAddresses;
    private final NatBehavior behavior;
    private final RandomGenerator random;
    private final Map<InetAddress, InetAddress> pairs = new LinkedHashMap<>();
    private int nextSequentialPort;

    ExternalEndpoints(List<InetAddress> publicAddresses, NatBehavior behavior, RandomGenerator random) {
        this.publicAddresses = publicAddresses;
        this.behavior = behavior;
        this.random = random;
        nextSequentialPort = behavior.ports().firstPort();
    }

    boolean include(InetAddress address) {
        return publicAddresses.contains(address);
    }

    boolean haveFamilyOf(InetAddress address) {
        return publicAddresses.stream().anyMatch(known -> Addresses.sameFamily(known, address));
    }

    /** A free external endpoint for {@code internal}, or nothing if all are taken. */
    Optional<InetSocketAddress> choose(
            InetSocketAddress internal, List<ActiveMapping> neighbours, Predicate<InetSocketAddress> isFree) {
        List<InetAddress> pool = poolFor(internal.getAddress());
        return beside(internal, neighbours, isFree).or(() -> switch (behavior.ports()
                .strategy()) {
            case OVERLOADING -> Optional.of(new InetSocketAddress(pool.get(0), internal.getPort()));
            case PRESERVING -> preserved(internal, pool, isFree).or(() -> random(internal, pool, isFree));
            case SEQUENTIAL -> sequential(internal, pool, isFree);
            case RANDOM -> random(internal, pool, isFree);
        });
    }

    private List<InetAddress> poolFor(InetAddress internal) {
        List<InetAddress> pool = new ArrayList<>(publicAddresses);
        pool.removeIf(address -> !Addresses.sameFamily(address, internal));
        if (behavior.pooling() == Pooling.PAIRED) {
            InetAddress next = pool.get(pairs.size() % pool.size());
            return List.of(pairs.computeIfAbsent(internal, unused -> next));
        }
        Collections.rotate(pool, random.nextInt(pool.size()));
        return pool;
    }

    // RFC 4787 §4.2.3: neighbouring internal ports get neighbouring external ones.
    private Optional<InetSocketAddress> beside(
            InetSocketAddress internal, List<ActiveMapping> neighbours, Predicate<InetSocketAddress> isFree) {
        if (!behavior.ports().keepsContiguity()) {
            return Optional.empty();
        }
        return neighbours.stream()
                .filter(other -> other.internal().getAddress().equals(internal.getAddress()))
                .filter(other -> Math.abs(other.internal().getPort() - internal.getPort()) == 1)
                .map(other -> moved(
                        other.external(), internal.getPort() - other.internal().getPort()))
                .filter(external -> fits(internal, external, isFree))
                .findFirst();
    }

    private Optional<InetSocketAddress> preserved(
            InetSocketAddress internal, List<InetAddress> pool, Predicate<InetSocketAddress> isFree) {
        return pool.stream()
                .map(address -> new InetSocketAddress(address, internal.getPort()))
                .filter(external -> fits(internal, external, isFree))
                .findFirst();
    }

    private Optional<InetSocketAddress> random(
            InetSocketAddress internal, List<InetAddress> pool, Predicate<InetSocketAddress> isFree) {
        PortAssignment ports = behavior.ports();
        for (InetAddress address : pool) {
            int start = random.nextInt(ports.size());
            for (int i = 0; i < ports.size(); i++) {
                int port = ports.firstPort() + (start + i) % ports.size();
                InetSocketAddress external = new InetSocketAddress(address, port);
                if (fits(internal, external, isFree)) {
                    return Optional.of(external);
                }
            }
        }
        return Optional.empty();
    }

    private Optional<InetSocketAddress> sequential(
            InetSocketAddress internal, List<InetAddress> pool, Predicate<InetSocketAddress> isFree) {
        PortAssignment ports = behavior.ports();
        for (InetAddress address : pool) {
            for (int i = 0; i < ports.size(); i++) {
                InetSocketAddress external = new InetSocketAddress(address, nextSequentialPort);
                int offset = nextSequentialPort - ports.firstPort() + ports.delta();
                nextSequentialPort = ports.firstPort() + Math.floorMod(offset, ports.size());
                if (fits(internal, external, isFree)) {
                    return Optional.of(external);
                }
            }
        }
        return Optional.empty();
    }

    private boolean fits(InetSocketAddress internal, InetSocketAddress external, Predicate<InetSocketAddress> isFree) {
        return behavior.ports().allows(internal.getPort(), external.getPort()) && isFree.test(external);
    }

    private static InetSocketAddress moved(InetSocketAddress endpoint, int ports) {
        int port = Math.min(0xFFFF, Math.max(0, endpoint.getPort() + ports));
        return new InetSocketAddress(endpoint.getAddress(), port);
    }
}
