package dev.culvert.ice.gather;

import dev.culvert.ice.resolution.ServerTransport;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** The candidates so far: gives each its foundation and priority, and knows what is no news. Mutable, owned by one thread. */
final class Candidates {
    private final GatherOptions options;
    private final int bases;
    private final Foundations foundations;
    private final RandomGenerator random;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<IpAddress, String> names = new HashMap<>();

    /** A candidate with what a hidden address does not show. */
    private record Entry(Candidate candidate, TransportAddress address, TransportAddress base, GatherSource source) {}

    /** What an offer came to: a new candidate, or the one that has its address and base already. */
    record Added(Candidate candidate, boolean isNew) {}

    Candidates(GatherOptions options, int bases, Foundations foundations, RandomGenerator random) {
        this.options = options;
        this.bases = bases;
        this.foundations = foundations;
        this.random = random;
    }

    List<Candidate> all() {
        return entries.stream().map(Entry::candidate).toList();
    }

    /** What multicast DNS is to answer: the addresses behind the names. */
    Map<IpAddress, String> names() {
        return Map.copyOf(names);
    }

    /** The source of a candidate; empty where it is none of these. */
    Optional<GatherSource> sourceOf(Candidate candidate) {
        return entries.stream()
                .filter(entry -> entry.candidate().equals(candidate))
                .map(Entry::source)
                .findFirst();
    }

    /** The host candidate at this address. */
    Optional<Candidate> hostOf(TransportAddress local) {
        return entries.stream()
                .filter(entry -> entry.candidate().type() == CandidateType.HOST)
                .filter(entry -> entry.address().equals(local))
                .map(Entry::candidate)
                .findFirst();
    }

    /** The candidate that came from this source, if it is still there. */
    Optional<Candidate> from(GatherSource source, TransportAddress address) {
        return entries.stream()
                .filter(entry ->
                        entry.source().equals(source) && entry.address().equals(address))
                .map(Entry::candidate)
                .findFirst();
    }

    Candidate addHost(BaseSocket socket, GatherSource source) {
        TransportAddress local = socket.local();
        Candidate candidate = new Candidate(
                foundations.of(CandidateType.HOST, local.ip(), "", Candidate.UDP),
                socket.component(),
                Candidate.UDP,
                priority(CandidateType.HOST, socket.base().rank(), socket.component()),
                shown(local),
                CandidateType.HOST,
                Optional.empty(),
                Optional.empty(),
                List.of());
        entries.add(new Entry(candidate, local, local, source));
        return candidate;
    }

    private CandidateAddress shown(TransportAddress local) {
        if (!options.addresses().hidden()) {
            return CandidateAddress.of(local);
        }
        String name = names.computeIfAbsent(local.ip(), ip -> freshName());
        return new CandidateAddress(name, local.port());
    }

    /** A random UUID of version 4. */
    private String freshName() {
        long high = random.nextLong() & 0xFFFF_FFFF_FFFF_0FFFL | 0x4000;
        long low = random.nextLong() >>> 2 | Long.MIN_VALUE;
        return new UUID(high, low) + ".local";
    }

    Added add(GatherTask task, GatherTask.Offer offer) {
        boolean isRelayed = offer.type() == CandidateType.RELAY;
        // RFC 8445 §5.1.1.2: the base of a relayed candidate is that candidate itself.
        TransportAddress base = isRelayed ? offer.address() : task.socket().local();
        Optional<Candidate> same = entries.stream()
                .filter(entry -> isSame(entry, offer.address(), base))
                .map(Entry::candidate)
                .findFirst();
        if (same.isPresent()) {
            return new Added(same.get(), false);
        }
        Candidate candidate = new Candidate(
                foundations.of(offer.type(), base.ip(), task.server(), task.transport()),
                task.source().component(),
                Candidate.UDP,
                priority(offer.type(), rank(task, offer), task.source().component()),
                CandidateAddress.of(offer.address()),
                offer.type(),
                Optional.of(related(task, offer)),
                Optional.empty(),
                List.of());
        entries.add(new Entry(candidate, offer.address(), base, task.source()));
        return new Added(candidate, true);
    }

    private boolean isSame(Entry entry, TransportAddress address, TransportAddress base) {
        // Where a name hides the host candidate's address, peers elsewhere can use only the number.
        boolean isHidden = entry.candidate().address().isMulticastName();
        // RFC 8445 §5.1.3, RFC 8838 §9: redundant is what has the transport address and the base of another one.
        return !isHidden && entry.address().equals(address) && entry.base().equals(base);
    }

    /** RFC 8839 §5.1: where addresses of this host are hidden, no related address shows them. */
    private CandidateAddress related(GatherTask task, GatherTask.Offer offer) {
        boolean isOfHost = offer.related().ip().equals(task.socket().base().ip());
        return options.addresses().hidden() && isOfHost
                ? CandidateAddress.unrevealed(offer.address().ip().isIpv4())
                : CandidateAddress.of(offer.related());
    }

    /** Unique among candidates of one type and component: 0 for the most preferred. */
    private int rank(GatherTask task, GatherTask.Offer offer) {
        int baseRank = task.socket().base().rank();
        if (offer.type() == CandidateType.SRFLX) {
            int sources = options.mappings().size() + options.servers().size();
            return baseRank * sources + task.sourceRank();
        }
        // RFC 8445 §5.1.2.2: the local preference tells the preference among TURN servers.
        int rank = serverRank(task) * bases + baseRank;
        return rank * 2 + (isDual(task) && offer.address().ip().isIpv4() ? 1 : 0);
    }

    /** Servers over UDP before those over TCP and TLS, which hold packets up behind a lost one. */
    private int serverRank(GatherTask task) {
        int slot = task.sourceRank() - options.mappings().size();
        List<Integer> order = new ArrayList<>();
        for (ServerTransport transport : ServerTransport.values()) {
            for (int i = 0; i < options.servers().size(); i++) {
                if (options.servers().get(i) instanceof GatherServer.Turn turn && turn.transport() == transport) {
                    order.add(i);
                }
            }
        }
        return order.indexOf(slot);
    }

    private static boolean isDual(GatherTask task) {
        return task instanceof RelayTask relay && relay.isDual();
    }

    private static long priority(CandidateType type, int rank, int component) {
        // RFC 8445 §5.1.2.1: 65535 where there is a single one, and unique for each where there are several.
        int localPreference = Math.max(0, CandidatePriority.MAX_LOCAL_PREFERENCE - rank);
        return CandidatePriority.of(type, localPreference, component);
    }

    /** Removes what came from this source. */
    List<Candidate> remove(GatherSource source, CandidateType type) {
        List<Candidate> removed = new ArrayList<>();
        for (Iterator<Entry> each = entries.iterator(); each.hasNext(); ) {
            Entry entry = each.next();
            if (entry.source().equals(source) && entry.candidate().type() == type) {
                removed.add(entry.candidate());
                each.remove();
            }
        }
        return removed;
    }
}
