package dev.culvert.ice.gather;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.ice.StunRequest;
import dev.culvert.ice.StunTransactionHandler;
import dev.culvert.ice.StunTransactions;
import dev.culvert.ice.time.Earliest;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** What the tasks of one gatherer share. Mutable, owned by one thread. */
final class Gathering {
    private final GatherOptions options;
    private final RandomGenerator random;
    private final GatherOutput out;
    private final Candidates candidates;
    private final Milestones milestones;
    private final TaskQueue queue;
    private final StunTransactions transactions;
    private final RetransmissionSchedule schedule;
    private final List<GatherTask> tasks = new ArrayList<>();
    private final List<Keepalive> keepalives = new ArrayList<>();
    private final Map<LinkId, RelayTask> links = new HashMap<>();
    private int linksMade;
    private long startNanos;
    private long nowNanos;

    Gathering(
            GatherOptions options,
            List<LocalBase> bases,
            Foundations foundations,
            Pace pace,
            RandomGenerator random,
            GatherOutput out) {
        this.options = options;
        this.random = random;
        this.out = out;
        this.candidates = new Candidates(options, bases.size(), foundations, random);
        this.milestones = new Milestones(this);
        this.queue = new TaskQueue(options, pace);
        this.transactions = new StunTransactions(out::send);
        this.schedule = RetransmissionSchedule.gathering(rto(options, bases.size()));
    }

    // RFC 8445 §14.3: RTO = MAX (500 ms, Ta * the number of server-reflexive and relayed candidates).
    private static Duration rto(GatherOptions options, int bases) {
        long requests = (long) bases * options.servers().size() * options.components();
        Duration scaled = options.pacing().multipliedBy(requests);
        return scaled.compareTo(RetransmissionSchedule.MIN_RTO) > 0 ? scaled : RetransmissionSchedule.MIN_RTO;
    }

    void begin(long nowNanos) {
        startNanos = nowNanos;
        queue.begin(nowNanos);
    }

    GatherOptions options() {
        return options;
    }

    RandomGenerator random() {
        return random;
    }

    GatherOutput out() {
        return out;
    }

    Candidates candidates() {
        return candidates;
    }

    Milestones milestones() {
        return milestones;
    }

    TaskQueue queue() {
        return queue;
    }

    StunTransactions transactions() {
        return transactions;
    }

    RetransmissionSchedule schedule() {
        return schedule;
    }

    List<GatherTask> tasks() {
        return tasks;
    }

    List<Keepalive> keepalives() {
        return keepalives;
    }

    long startNanos() {
        return startNanos;
    }

    /** The time that the present call was given, for what is told without one. */
    long nowNanos() {
        return nowNanos;
    }

    void onTime(long nowNanos) {
        this.nowNanos = nowNanos;
    }

    Duration since(long nowNanos) {
        return Duration.ofNanos(nowNanos - startNanos);
    }

    void tell(GatherEvent event) {
        out.onEvent(event);
    }

    /** A host candidate is there. */
    void takeHost(BaseSocket socket, long nowNanos) {
        GatherSource source = new GatherSource(
                GatherSource.Kind.INTERFACE, socket.base().interfaceName(), socket.local(), socket.component());
        Duration took = Duration.ofNanos(nowNanos - socket.openedNanos());
        Candidate candidate = candidates.addHost(socket, source);
        tell(new GatherEvent.Gathered(since(nowNanos), candidate, source, took, 0));
    }

    /** A task has learned an address. */
    void take(GatherTask task, GatherTask.Offer offer) {
        // RFC 8838 §13: no candidate is conveyed after the end-of-candidates indication.
        if (milestones.isComplete()) {
            return;
        }
        Duration at = since(offer.atNanos());
        Duration took = task.took(offer.atNanos());
        Candidates.Added added = candidates.add(task, offer);
        if (added.isNew()) {
            tell(new GatherEvent.Gathered(at, added.candidate(), task.source(), took, task.requests()));
        } else {
            tell(new GatherEvent.Redundant(at, offer.type(), offer.address(), task.source(), took));
        }
        milestones.onVouchedFor(added.candidate(), at);
    }

    void onGoodAnswer(Duration roundTrip, boolean isClean) {
        milestones.onGoodAnswer(roundTrip, isClean);
    }

    void onDone(GatherTask done, long nowNanos) {
        for (GatherTask task : List.copyOf(tasks)) {
            if (task.lower() == done) {
                task.onLowerDone(nowNanos);
            }
        }
    }

    /** Starts the task when its turn comes. */
    void plan(GatherTask task) {
        tasks.add(task);
        // RFC 8656 §7.1: the token of the reserved port comes with the allocation for the component below.
        boolean waitsForToken = task instanceof RelayTask
                && task.lower() != null
                && !task.lower().isDone();
        if (!waitsForToken) {
            queue.add(task);
        }
    }

    /** What was learned from {@code task} is of no use any more. */
    void lose(GatherSource source, CandidateType type, GatherFailure failure, long nowNanos) {
        for (Candidate lost : candidates.remove(source, type)) {
            tell(new GatherEvent.Lost(since(nowNanos), lost, source, failure));
        }
    }

    /** Keeps the NAT's mapping of this socket towards this server from running out. */
    void keepAlive(Keepalive keepalive) {
        if (keepalives.stream().noneMatch(keepalive::isNeedless)) {
            keepalives.add(keepalive);
        }
    }

    /** Asks a server where it sees the socket. */
    void sendBinding(BaseSocket socket, TransportAddress server, StunTransactionHandler handler, long nowNanos) {
        TransactionId id = TransactionId.random(random);
        ByteBuffer bytes = ByteBuffer.allocate(StunMessage.HEADER_LENGTH);
        new StunWriter().begin(bytes, MessageClass.REQUEST, StunMethod.BINDING, id);
        StunRequest request = new StunRequest(socket.id(), server, server, id, bytes.flip(), schedule);
        transactions.start(request, handler, nowNanos);
    }

    LinkId link(RelayTask task) {
        LinkId id = new LinkId(linksMade++);
        links.put(id, task);
        return id;
    }

    void unlink(LinkId link) {
        links.remove(link);
        out.close(link);
    }

    Map<LinkId, RelayTask> links() {
        return links;
    }

    /** Adds when the allocations want to be called. */
    void includeRelays(Earliest next) {
        for (GatherTask task : tasks) {
            if (task instanceof RelayTask relay) {
                next.include(relay.nextDeadlineNanos());
            }
        }
    }

    /** Adds when anything else is due. */
    void includeTasks(Earliest next) {
        next.include(transactions.nextDeadlineNanos());
        next.include(queue.nextNanos());
        next.include(milestones.nextNanos());
        keepalives.forEach(keepalive -> next.include(keepalive.nextNanos()));
    }
}
