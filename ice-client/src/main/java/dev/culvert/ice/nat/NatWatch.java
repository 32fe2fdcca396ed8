package dev.culvert.ice.nat;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells changes from repeated cheap looks at the outside, and when a whole discovery is worth its while. Mutable, owned by
 * one thread.
 *
 * <p>Each round: ask every server once and hand all outcomes to {@link #onRound}; where {@link #wantsDiscovery} says so
 * afterwards, run a {@link NatDiscovery} and hand its verdict to {@link #onVerdict}.
 */
public final class NatWatch {
    private final int discoveryEvery;
    private final Consumer<WatchEvent> events;
    private final Map<ProbeServer, Boolean> reachable = new LinkedHashMap<>();
    private List<IpAddress> external = List.of();
    private @Nullable Verdict verdict;
    private int roundsSinceDiscovery;
    private boolean changed;

    /**
     * @param discoveryEvery after so many rounds without a change the NAT is classified again; at least 1
     * @param events is told of each change, during calls to this watch
     */
    public NatWatch(int discoveryEvery, Consumer<WatchEvent> events) {
        if (discoveryEvery < 1) {
            throw new IllegalArgumentException("a discovery every 1 round or more, not " + discoveryEvery);
        }
        this.discoveryEvery = discoveryEvery;
        this.events = events;
    }

    /**
     * Takes in one round.
     *
     * @param seen for each server the address that it saw, empty where it did not answer
     */
    public void onRound(Map<ProbeServer, Optional<TransportAddress>> seen, Instant at) {
        roundsSinceDiscovery++;
        seen.forEach((server, mapped) -> noteReachability(server, mapped.isPresent(), at));
        TreeSet<IpAddress> ips = new TreeSet<>();
        seen.values().forEach(mapped -> mapped.ifPresent(address -> ips.add(address.ip())));
        List<IpAddress> now = new ArrayList<>(ips);
        if (!now.equals(external)) {
            events.accept(new WatchEvent.ExternalAddress(at, external, now));
            external = now;
            changed = true;
        }
    }

    private void noteReachability(ProbeServer server, boolean answers, Instant at) {
        Boolean before = reachable.put(server, answers);
        if (before == null || before != answers) {
            events.accept(new WatchEvent.Reachability(at, server, answers));
            changed = true;
        }
    }

    /** Whether something has changed since the last discovery, or it was long ago. */
    public boolean wantsDiscovery() {
        return changed || verdict == null || roundsSinceDiscovery >= discoveryEvery;
    }

    /** Takes in what a discovery came to. */
    public void onVerdict(Verdict newVerdict, Instant at) {
        Verdict before = verdict;
        verdict = newVerdict;
        roundsSinceDiscovery = 0;
        changed = false;
        boolean same = before != null
                && before.mapping() == newVerdict.mapping()
                && before.filtering() == newVerdict.filtering()
                && before.natType() == newVerdict.natType();
        if (!same) {
            events.accept(new WatchEvent.Behavior(at, newVerdict));
        }
    }

    /** What the NAT is as far as is known now: nothing, while no server answers and UDP is not known to be blocked. */
    public NatType natType() {
        Verdict last = verdict;
        if (last == null) {
            return NatType.UNKNOWN;
        }
        return external.isEmpty() && last.natType() != NatType.UDP_BLOCKED ? NatType.UNKNOWN : last.natType();
    }
}
