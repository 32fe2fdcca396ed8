package dev.culvert.relay.core;

import dev.culvert.relay.core.RelayEvent.EndReason;
import dev.culvert.relay.policy.PeerPolicy;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.Counters;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.server.core.SourceAddress;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMessage.FingerprintCheck;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The TURN server of one event loop (RFC 8656). Mutable, owned by one thread; all that loops share is in the
 * {@link Ledger}.
 *
 * <p>Messages and time go in; what is to be done leaves through a {@link RelayOutput} during the call. Application data
 * do not come in at all: for ChannelData and for packets from peers there are routes, and the bytes are the caller's to
 * move. Looking a route up allocates nothing.
 *
 * <p>Binding requests are for {@link dev.culvert.server.core.BindingResponder}.
 */
public final class TurnServer {
    private RelaySettings settings;
    private final Peers peers;
    private final Allocations allocations;
    private final RequestHandler requests;
    private final AllocationMaker maker;
    private final AllocateHandler allocate;
    private final Router router;
    private final SendHandler sends;
    private final Counters<RelayCounter> counters = new Counters<>(RelayCounter.class);
    private final Counters<RefusalReason> refusals = new Counters<>(RefusalReason.class);
    private final StunMessage message = new StunMessage();

    /**
     * A server without allocations.
     *
     * @param addresses where relay ports are opened
     * @param ledger shared with the servers of all other loops, and with the policy
     * @param random for ports and tokens; unpredictable to others
     */
    public TurnServer(
            RelaySettings settings,
            RelayAddresses addresses,
            Gate gate,
            PeerPolicy policy,
            Ledger ledger,
            RandomGenerator random) {
        this.settings = settings;
        this.peers = new Peers(policy);
        this.allocations = new Allocations(ledger, counters, random.nextLong());
        PortOpener opener = new PortOpener(addresses, ledger, random, counters);
        PortSource ports = settings.mode().isShared()
                ? new SharedPorts(settings.mode(), opener, counters, random.nextLong())
                : opener;
        Supplier<RelaySettings> now = () -> this.settings;
        this.maker = new AllocationMaker(now, allocations, ledger, ports, random);
        this.allocate = new AllocateHandler(allocations, maker, counters);
        this.requests = new RequestHandler(now, gate, allocations, allocate, peers, counters, refusals);
        this.router = new Router(allocations, peers, counters);
        this.sends = new SendHandler(peers, router, counters);
    }

    /**
     * Takes one datagram, or one frame of a stream, that is no ChannelData.
     *
     * @param bytes big-endian; lent until this method returns
     * @param nowNanos of a clock that never goes back, compared by difference
     * @param epochSeconds of the wall clock, for nonces and credentials
     * @return {@link Malformation#NONE}, or why these bytes are no STUN message; then they are counted and forgotten
     */
    public Malformation onBytes(
            FiveTuple flow,
            ByteBuffer bytes,
            int offset,
            int lengthBytes,
            long nowNanos,
            long epochSeconds,
            RelayOutput out) {
        Malformation malformation = message.wrap(bytes, offset, lengthBytes);
        if (malformation == Malformation.NONE) {
            onMessage(flow, message, nowNanos, epochSeconds, out);
        } else {
            counters.increment(RelayCounter.MALFORMED);
        }
        return malformation;
    }

    /** Takes one STUN message, of any class and method. */
    public void onMessage(FiveTuple flow, StunMessage received, long nowNanos, long epochSeconds, RelayOutput out) {
        allocations.expire(nowNanos, out);
        // RFC 8489 §6.3: a wrong FINGERPRINT says that this is not STUN; it is silently discarded.
        if (received.checkFingerprint() == FingerprintCheck.INVALID) {
            counters.increment(RelayCounter.WRONG_FINGERPRINTS);
            return;
        }
        if (!isTaken(flow, received, nowNanos, epochSeconds, out)) {
            counters.increment(RelayCounter.UNSUPPORTED_MESSAGES);
        }
    }

    /**
     * Takes one datagram that begins as a Send indication does, as {@link #onBytes} would, but makes no objects.
     *
     * @param endpoint where it arrived, from {@link #endpoint}
     * @param client who sent it
     */
    public void onSendIndication(
            int endpoint,
            SourceAddress client,
            ByteBuffer bytes,
            int offset,
            int lengthBytes,
            long nowNanos,
            RelayOutput out) {
        if (message.wrap(bytes, offset, lengthBytes) != Malformation.NONE) {
            counters.increment(RelayCounter.MALFORMED);
            return;
        }
        allocations.expire(nowNanos, out);
        if (message.checkFingerprint() == FingerprintCheck.INVALID) {
            counters.increment(RelayCounter.WRONG_FINGERPRINTS);
        } else if (message.isClassic() || !message.is(MessageClass.INDICATION, StunMethod.SEND)) {
            counters.increment(RelayCounter.UNSUPPORTED_MESSAGES);
        } else {
            sends.handle(allocations.find(endpoint, client), message, nowNanos, out);
        }
    }

    private boolean isTaken(FiveTuple flow, StunMessage received, long nowNanos, long epochSeconds, RelayOutput out) {
        // RFC 8656 §5: TURN has no compatibility with RFC 3489.
        if (received.isClassic()) {
            return false;
        }
        return switch (received.messageClass()) {
            case REQUEST -> requests.handle(flow, received, nowNanos, epochSeconds, out);
            case INDICATION -> onIndication(flow, received, nowNanos, out);
            // RFC 8489 §6.3: a response that matches no transaction in progress is silently discarded.
            case SUCCESS_RESPONSE, ERROR_RESPONSE -> false;
        };
    }

    private boolean onIndication(FiveTuple flow, StunMessage indication, long nowNanos, RelayOutput out) {
        if (indication.method() != StunMethod.SEND) {
            return false;
        }
        sends.handle(allocations.find(flow), indication, nowNanos, out);
        return true;
    }

    /** The number by which {@link #routeToPeer} knows an address at which clients reach the server. */
    public int endpoint(Transport transport, TransportAddress local) {
        return allocations.endpoint(transport, local);
    }

    /**
     * Where ChannelData go; null where they are discarded. What is found counts as relayed. Allocates nothing.
     *
     * @param endpoint where they arrived, from {@link #endpoint}
     * @param client who sent them
     * @param channel the channel number, whatever it is
     * @param lengthBytes the length of the application data
     */
    public @Nullable ChannelBinding routeToPeer(
            int endpoint, SourceAddress client, int channel, int lengthBytes, long nowNanos) {
        return router.routeToPeer(endpoint, client, channel, lengthBytes, nowNanos);
    }

    /**
     * The relay port of this event loop that is the peer of a channel, null where the peer is none of these. Data for it
     * need no network: they go where {@link #routeToClient} says for that port and {@link ChannelBinding#source}. Counts
     * them as hairpinned. Allocates nothing.
     *
     * @param binding what {@link #routeToPeer} has just found
     */
    public @Nullable RelayPort hairpin(ChannelBinding binding) {
        return router.hairpin(binding);
    }

    /**
     * Where a packet from a peer goes; null where it is discarded. What is found counts as relayed. Allocates nothing.
     *
     * @param port the relay port at which it arrived
     * @param lengthBytes the length of the application data
     */
    public @Nullable Route routeToClient(RelayPort port, SourceAddress peer, int lengthBytes, long nowNanos) {
        return router.routeToClient(port, peer, lengthBytes, nowNanos);
    }

    /**
     * Where an ICMP error goes, in an {@link IcmpIndication} always; null where it is discarded. Allocates nothing.
     *
     * @param port the relay port that sent what met with the error
     * @param destination where that packet went; its port may be 0
     * @param icmpType the type of ICMP, or of ICMPv6 for a destination of IPv6
     */
    public @Nullable Route routeIcmp(RelayPort port, SourceAddress destination, int icmpType, long nowNanos) {
        return router.routeIcmp(port, destination, icmpType, nowNanos);
    }

    /** Ends the allocation of a client whose connection is gone, if it has one. */
    public void onConnectionClosed(FiveTuple flow, long nowNanos, RelayOutput out) {
        Allocation allocation = allocations.find(flow);
        if (allocation != null) {
            allocations.end(allocation, EndReason.CONNECTION_CLOSED, nowNanos, out);
        }
    }

    /** Ends what nobody has refreshed in time. */
    public void onTimeout(long nowNanos, RelayOutput out) {
        allocations.expire(nowNanos, out);
    }

    /** When {@link #onTimeout} has something to do; empty where nothing runs. Being late changes no route. */
    public OptionalLong nextDeadlineNanos() {
        return allocations.nextDeadlineNanos();
    }

    /**
     * Goes on with other settings, from the next request on; what was granted stays.
     *
     * @throws IllegalArgumentException if they are of another mode
     */
    public void replaceSettings(RelaySettings newSettings) {
        if (!newSettings.mode().equals(settings.mode())) {
            throw new IllegalArgumentException("the mode cannot change while allocations run");
        }
        settings = newSettings;
    }

    /** Answers authenticated requests of these methods with these codes, for tests of clients; empty for none. */
    public void refuse(Map<Integer, Integer> codesByMethod) {
        requests.refuse(codesByMethod);
    }

    /** Goes on with another policy; what it denies ends at once. */
    public void replacePolicy(PeerPolicy policy, RelayOutput out) {
        peers.replace(policy);
        allocations.enforce(policy, out);
    }

    /**
     * Makes no more allocations; those that are there go on.
     *
     * @param alternates where clients are sent with a 300, one of each family at most; clients of other families get 508
     */
    public void drain(List<Alternate> alternates) {
        allocate.drain(alternates);
    }

    /** Ends all allocations, and the reservations that were made here. */
    public void endAll(long nowNanos, RelayOutput out) {
        allocations.endAll(EndReason.SHUT_DOWN, nowNanos, out);
    }

    /** Ends the allocation of that id as an operator wants it; false where this server has none. */
    public boolean end(long id, long nowNanos, RelayOutput out) {
        Optional<Allocation> found =
                allocations.all().stream().filter(each -> each.id == id).findFirst();
        found.ifPresent(each -> allocations.end(each, EndReason.ENDED_BY_OPERATOR, nowNanos, out));
        return found.isPresent();
    }

    /** Tells in a {@link RelayEvent.AllocationLasts} so often how far each allocation is that begins from now on. */
    public void reportEvery(long intervalNanos) {
        maker.reportEvery(intervalNanos);
    }

    /** A walk over the allocations of this moment. */
    public AllocationWalk walk() {
        return new AllocationWalk(allocations.all());
    }

    /** Whether the client of {@code flow} has an allocation. */
    public boolean hasAllocation(FiveTuple flow) {
        return allocations.find(flow) != null;
    }

    /** How many allocations there are. */
    public int allocations() {
        return allocations.size();
    }

    /** How many timers run: none where there is no allocation, permission, channel or reservation of this server. */
    int timers() {
        return allocations.timers();
    }

    /** What was counted; a shell adds what happens at its sockets, on this server's thread. */
    public Counters<RelayCounter> counters() {
        return counters;
    }

    /** How many requests were refused for each reason. */
    public Counters<RefusalReason> refusals() {
        return refusals;
    }

    /** How many allocations there are of which kind. */
    public AllocationCensus census() {
        return allocations.census;
    }
}
