package dev.culvert.ice.turn;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.ice.time.Earliest;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.ChannelData;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * A TURN client on one flow to one server, with at most one allocation at a time (RFC 8656). Mutable, owned by one thread.
 *
 * <p>It is driven by hand: every call takes the time and leaves what it decides in the {@link TurnOutput}. The shell
 * sends what it is told, brings what arrives to {@link #onPacket}, and calls {@link #onTimeout} at
 * {@link #nextDeadlineNanos}, which every call may change except {@link #send} and the arrival of data. Until
 * {@link #close}, the allocation, its permissions and its channels are kept alive.
 *
 * <pre>{@code
 * client.allocate(AllocateOptions.defaults(), System.nanoTime(), out);
 * driveUntil(TurnEvent.Allocated.class);
 * client.permit(peer.ip(), System.nanoTime(), out);
 * driveUntil(TurnEvent.PermissionInstalled.class);
 * client.send(peer, payload, out);
 * }</pre>
 */
public final class TurnClient {
    /** The longest payload that {@link #send} takes, in bytes. */
    public static final int MAX_PAYLOAD_LENGTH = Payloads.MAX_LENGTH;

    private final TransportAddress server;
    private final Allocation allocation;
    private final Permissions permissions;
    private final Channels channels;
    private final TurnTransactions transactions;
    private final Payloads payloads;
    private final DataIndications indications;
    private final Keepalive keepalive;
    private final StunMessage message = new StunMessage();
    private final ChannelData channelData = new ChannelData();
    private long discarded;

    /** What carries the flow to the server. */
    public enum Transport {
        /** UDP or DTLS: requests are repeated. */
        DATAGRAM,
        /** TCP or TLS: nothing is repeated, and ChannelData is padded. */
        STREAM
    }

    /**
     * A client without an allocation.
     *
     * @param server the other end of the flow
     * @param credential for the realm that the server will name
     * @param random for transaction ids; unpredictable to others
     */
    public TurnClient(
            TransportAddress server, Transport transport, LongTermCredential credential, RandomGenerator random) {
        this(server, transport, credential, random, RetransmissionSchedule.standard(), Duration.ZERO);
    }

    /**
     * A client without an allocation, which repeats its requests as the caller says, and keeps the flow open where a NAT
     * forgets it before the next refresh.
     *
     * @param server the other end of the flow
     * @param credential for the realm that the server will name
     * @param random for transaction ids; unpredictable to others
     * @param schedule without effect over a stream
     * @param keepalive how often something is sent while there is an allocation, whatever else is sent; zero for never
     */
    public TurnClient(
            TransportAddress server,
            Transport transport,
            LongTermCredential credential,
            RandomGenerator random,
            RetransmissionSchedule schedule,
            Duration keepalive) {
        boolean isReliable = transport == Transport.STREAM;
        // RFC 8489 §6.2.2: a reliable transport repeats by itself.
        RetransmissionSchedule used = isReliable ? RetransmissionSchedule.reliable() : schedule;
        this.server = server;
        this.transactions = new TurnTransactions(new Challenges(credential), random, isReliable, used);
        this.permissions = new Permissions(transactions, this::onAllocationLost);
        this.channels = new Channels(transactions, permissions, this::onAllocationLost);
        this.allocation = new Allocation(transactions, this::onAllocationLost);
        this.payloads = new Payloads(channels, permissions, random, isReliable);
        this.indications = new DataIndications(permissions);
        this.keepalive = new Keepalive(keepalive, random);
    }

    /**
     * Asks for an allocation; the answer is {@link TurnEvent.Allocated} or {@link TurnEvent.AllocationFailed}.
     *
     * @throws IllegalStateException if there is one, or one is being made or deleted
     */
    public void allocate(AllocateOptions options, long nowNanos, TurnOutput out) {
        allocation.allocate(options, nowNanos, out);
    }

    /**
     * Lets packets from this peer in and keeps doing so; without effect where that is so or asked for.
     *
     * @throws IllegalArgumentException if no relayed address is of its family
     * @throws IllegalStateException if there is no allocation
     */
    public void permit(IpAddress peer, long nowNanos, TurnOutput out) {
        requireRelayed(peer);
        permissions.ask(peer, nowNanos, out);
    }

    /**
     * Binds a channel to this peer, which installs the permission too, and keeps it; without effect where it is bound or
     * asked for.
     *
     * @throws IllegalArgumentException if no relayed address is of its family
     * @throws IllegalStateException if there is no allocation
     */
    public void bindChannel(TransportAddress peer, long nowNanos, TurnOutput out) {
        requireRelayed(peer.ip());
        channels.ask(peer, nowNanos, out);
    }

    /**
     * Gives up the permission of this peer and the channels to it: from now on nothing is sent to it and nothing let in
     * from it, until they are asked for again. Nothing is told to the server, which lets them run out (RFC 8656 §9, §12).
     */
    public void release(IpAddress peer) {
        channels.release(peer);
        permissions.release(peer);
    }

    private void requireRelayed(IpAddress peer) {
        if (!allocation.isActive()) {
            throw new IllegalStateException("there is no allocation");
        }
        // RFC 8656 §10.1, §12.1: only peers of the family of a relayed address.
        if (relayed(peer.family()).isEmpty()) {
            throw new IllegalArgumentException("no relayed address is of the family of " + peer);
        }
    }

    /**
     * Sends a payload to a peer: as ChannelData where a channel is bound, else as a Send indication.
     *
     * @param payload the bytes between position and limit, at most {@link #MAX_PAYLOAD_LENGTH}; handed on as it is
     * @return whether it was sent; false while there is neither channel nor permission
     */
    public boolean send(TransportAddress peer, ByteBuffer payload, TurnOutput out) {
        return payloads.send(peer, payload, out);
    }

    /**
     * Sends a payload to a peer that the server shall not fragment, always as a Send indication; what is too long for the
     * path may come back as {@link TurnEvent.PeerUnreachable}.
     *
     * @return whether it was sent; false while there is no permission
     */
    public boolean sendUnfragmented(TransportAddress peer, ByteBuffer payload, TurnOutput out) {
        return payloads.indicate(peer, payload, true, out);
    }

    /** Takes a datagram; one that is not from the server is discarded. */
    public void onPacket(TransportAddress from, ByteBuffer bytes, long nowNanos, TurnOutput out) {
        if (!from.equals(server)) {
            discarded++;
            return;
        }
        onPacket(bytes, bytes.position(), bytes.remaining(), nowNanos, out);
    }

    /**
     * Takes one whole message from the server: a datagram of a connected socket, or a frame of
     * {@link dev.culvert.stun.StreamFrames}.
     *
     * @param buffer lent for this call; the message is {@code lengthBytes} bytes from {@code offset}
     */
    public void onPacket(ByteBuffer buffer, int offset, int lengthBytes, long nowNanos, TurnOutput out) {
        boolean isTaken = channelData.wrap(buffer, offset, lengthBytes) == Malformation.NONE
                ? onChannelData(buffer, out)
                : onStun(buffer, offset, lengthBytes, nowNanos, out);
        if (!isTaken) {
            discarded++;
        }
    }

    private boolean onChannelData(ByteBuffer buffer, TurnOutput out) {
        // RFC 8656 §12.6: data on a channel that is not bound is silently discarded.
        Channel channel = channels.expected(channelData.number());
        if (channel == null || !allocation.isActive()) {
            return false;
        }
        out.onData(channel.peer(), buffer, channelData.payloadOffset(), channelData.lengthBytes());
        return true;
    }

    private boolean onStun(ByteBuffer buffer, int offset, int lengthBytes, long nowNanos, TurnOutput out) {
        if (message.wrap(buffer, offset, lengthBytes) != Malformation.NONE
                || message.checkFingerprint() == StunMessage.FingerprintCheck.INVALID) {
            return false;
        }
        return switch (message.messageClass()) {
            case SUCCESS_RESPONSE, ERROR_RESPONSE -> onResponse(nowNanos, out);
            case INDICATION ->
                message.method() == StunMethod.DATA && allocation.isActive() && indications.take(message, out);
            case REQUEST -> false;
        };
    }

    private boolean onResponse(long nowNanos, TurnOutput out) {
        boolean isTaken = transactions.onResponse(message, nowNanos, out);
        keepalive.follow(allocation.isActive(), nowNanos);
        return isTaken;
    }

    /** Does what is due: sends again, gives up, refreshes. */
    public void onTimeout(long nowNanos, TurnOutput out) {
        transactions.onTimeout(nowNanos, out);
        allocation.onTimeout(nowNanos, out);
        permissions.onTimeout(nowNanos, out);
        channels.onTimeout(nowNanos, out);
        keepalive.follow(allocation.isActive(), nowNanos);
        keepalive.onTimeout(nowNanos, out);
    }

    /** When {@link #onTimeout} is to be called next; empty while nothing waits. Compare by difference. */
    public OptionalLong nextDeadlineNanos() {
        Earliest next = new Earliest();
        next.include(transactions.nextDeadlineNanos());
        allocation.includeIn(next);
        permissions.includeIn(next);
        channels.includeIn(next);
        keepalive.includeIn(next);
        return next.nanos();
    }

    /**
     * Deletes the allocation and ends with {@link TurnEvent.Closed}: when the server has confirmed, when it stays silent
     * to the end, or at once where there was nothing to delete.
     */
    public void close(long nowNanos, TurnOutput out) {
        forgetPeers();
        allocation.close(nowNanos, out);
        keepalive.follow(allocation.isActive(), nowNanos);
    }

    private void onAllocationLost(TurnFailure failure, long nowNanos, TurnOutput out) {
        transactions.clear();
        forgetPeers();
        allocation.forget();
        out.onEvent(new TurnEvent.AllocationLost(failure));
    }

    private void forgetPeers() {
        permissions.clear();
        channels.clear();
    }

    /** The relayed addresses of the allocation; none without one. */
    public List<TransportAddress> relayed() {
        return allocation.relayed();
    }

    /** The relayed address of this family; empty where there is none. */
    public Optional<TransportAddress> relayed(AddressFamily family) {
        return relayed().stream()
                .filter(address -> address.ip().family() == family)
                .findFirst();
    }

    /** How many packets came that are not from the server, belong to nothing, or are broken. */
    public long discarded() {
        return discarded;
    }
}
