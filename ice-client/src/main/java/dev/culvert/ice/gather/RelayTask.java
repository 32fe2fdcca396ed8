package dev.culvert.ice.gather;

import dev.culvert.ice.resolution.ServerTransport;
import dev.culvert.ice.turn.AllocateOptions;
import dev.culvert.ice.turn.Redirections;
import dev.culvert.ice.turn.TurnClient;
import dev.culvert.ice.turn.TurnEvent;
import dev.culvert.ice.turn.TurnFailure;
import dev.culvert.ice.turn.TurnOutput;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.AddressErrorCode;
import dev.culvert.stun.attribute.ErrorCode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks a TURN server for an allocation, and keeps it until the end. Mutable, owned by one thread. */
final class RelayTask extends GatherTask implements TurnOutput {
    /** An allocation over UDP takes the challenge and the answer; a connection and its TLS take more. */
    private static final int[] ROUND_TRIPS = {2, 3, 5};

    private final GatherServer.Turn server;
    private final int slot;
    private final RelayPort port;
    private final Iterator<TransportAddress> others;
    private final Redirections redirections;
    private TransportAddress address;
    private @Nullable TurnClient client;
    private @Nullable LinkId link;
    private boolean isConnected;
    private boolean isTaking;
    private int requests;
    private long nowNanos;

    /** @param addresses of the server and of the family of the socket, the preferred first; at least one */
    RelayTask(
            Gathering gathering,
            BaseSocket socket,
            GatherSource source,
            int sourceRank,
            List<TransportAddress> addresses,
            GatherServer.Turn server,
            @Nullable GatherTask lower) {
        super(gathering, socket, source, sourceRank, lower);
        this.server = server;
        this.slot = sourceRank - gathering.options().mappings().size();
        this.others = addresses.listIterator(1);
        this.address = addresses.get(0);
        this.redirections = new Redirections(address, "");
        boolean isFirstOfTwo = lower == null && gathering.options().components() == 2;
        this.port =
                new RelayPort(server.families(), isFirstOfTwo, lower instanceof RelayTask below ? below.port : null);
    }

    boolean isDual() {
        return server.families() == AllocateOptions.Families.DUAL;
    }

    private boolean isDatagram() {
        return server.transport() == ServerTransport.UDP;
    }

    @Override
    String server() {
        return address.ip().toString();
    }

    @Override
    String transport() {
        return server.transport().name();
    }

    @Override
    int roundTrips() {
        return ROUND_TRIPS[server.transport().ordinal()];
    }

    @Override
    int requests() {
        return requests;
    }

    @Override
    void onLowerDone(long nowNanos) {
        super.onLowerDone(nowNanos);
        if (!isRunning() && !isDone()) {
            gathering().queue().add(this);
        }
    }

    @Override
    void run(long nowNanos) {
        this.nowNanos = nowNanos;
        client = new TurnClient(
                address,
                isDatagram() ? TurnClient.Transport.DATAGRAM : TurnClient.Transport.STREAM,
                server.credential(),
                gathering().random(),
                gathering().schedule(),
                Duration.ZERO);
        if (!isDatagram()) {
            LinkId connecting = gathering().link(this);
            link = connecting;
            gathering().out().connect(connecting, slot, socket().base().ip(), address);
            return;
        }
        if (socket().flows.putIfAbsent(address, this) != null) {
            client = null;
            fail(new GatherFailure.Unusable("another entry of the list has an allocation on this server"), nowNanos);
            return;
        }
        allocate(client);
    }

    void onConnected(long nowNanos) {
        TurnClient ready = client;
        if (ready == null || isConnected) {
            return;
        }
        isConnected = true;
        onProgress(nowNanos);
        this.nowNanos = nowNanos;
        allocate(ready);
    }

    void onConnectionLost(String reason, long nowNanos) {
        link = null;
        if (!isConnected && isRunning() && others.hasNext()) {
            goTo(others.next(), nowNanos);
            return;
        }
        end(new GatherFailure.NoConnection(reason), nowNanos);
    }

    private void allocate(TurnClient ready) {
        ready.allocate(port.wanted(), nowNanos, this);
    }

    /** Takes a message from the server. */
    void onMessage(ByteBuffer buffer, int offset, int lengthBytes, long nowNanos) {
        isTaking = true;
        drive(nowNanos, ready -> ready.onPacket(buffer, offset, lengthBytes, nowNanos, this));
        isTaking = false;
        onProgress(nowNanos);
    }

    /** Calls the client, if there is one. */
    void drive(long nowNanos, Consumer<TurnClient> call) {
        this.nowNanos = nowNanos;
        TurnClient present = client;
        if (present != null) {
            call.accept(present);
        }
    }

    OptionalLong nextDeadlineNanos() {
        return client == null ? OptionalLong.empty() : client.nextDeadlineNanos();
    }

    /** Whether an allocation, or the attempt at one, is still there. */
    boolean isOpen() {
        return client != null;
    }

    void close(long nowNanos) {
        if (isDatagram() || isConnected) {
            drive(nowNanos, ready -> ready.close(nowNanos, this));
            return;
        }
        release();
    }

    @Override
    public void onEvent(TurnEvent event) {
        if (event instanceof TurnEvent.Allocated granted) {
            onAllocated(granted);
        } else if (event instanceof TurnEvent.AllocationFailed failed) {
            onRefused(failed.failure());
        } else if (event instanceof TurnEvent.AllocationLost lost) {
            end(new GatherFailure.Turn(lost.failure()), nowNanos);
        } else if (event instanceof TurnEvent.Closed) {
            release();
        } else {
            gathering().out().onRelayEvent(source(), event);
        }
    }

    private void onAllocated(TurnEvent.Allocated granted) {
        port.onGranted(granted);
        if (isDatagram()) {
            // RFC 8445 §5.1.1.2: an Allocate response tells a server-reflexive candidate as well.
            offer(CandidateType.SRFLX, granted.mapped(), socket().local(), nowNanos);
            if (!granted.mapped().equals(socket().local())) {
                gathering().keepAlive(new Keepalive(this, address, granted.mapped(), true, nowNanos));
            }
        }
        for (TransportAddress relayed : granted.relayed()) {
            // RFC 8839 §5.1: the related address of a relayed candidate is the mapped one.
            offer(CandidateType.RELAY, relayed, granted.mapped(), nowNanos);
        }
        for (AddressErrorCode missing : granted.missing()) {
            ErrorCode why = new ErrorCode(missing.code(), missing.reason());
            TurnFailure refused = new TurnFailure.Refused(why, List.of());
            gathering()
                    .tell(new GatherEvent.Failed(
                            gathering().since(nowNanos), source(), new GatherFailure.Turn(refused)));
        }
        succeed(nowNanos, requests <= 2);
    }

    private void onRefused(TurnFailure failure) {
        if (failure instanceof TurnFailure.TryAlternate alternate && followTo(alternate)) {
            return;
        }
        TurnClient present = client;
        if (present != null && port.yieldsTo(failure)) {
            allocate(present);
            return;
        }
        if (failure.refusal().isPresent() && isDatagram()) {
            // RFC 8445 §5.1.1.2: where an allocation is refused, a Binding request is sent in its place.
            gathering().plan(new BindingTask(gathering(), socket(), source(), sourceRank(), address, null));
        }
        end(new GatherFailure.Turn(failure), nowNanos);
    }

    private boolean followTo(TurnFailure.TryAlternate alternate) {
        Optional<TransportAddress> next = redirections
                .follow(alternate)
                .map(Redirections.Hop::server)
                .filter(server -> server.ip().family() == address.ip().family());
        next.ifPresent(server -> goTo(server, nowNanos));
        return next.isPresent();
    }

    private void goTo(TransportAddress next, long nowNanos) {
        release();
        isConnected = false;
        address = next;
        run(nowNanos);
    }

    private void end(GatherFailure failure, long nowNanos) {
        release();
        if (isRunning()) {
            fail(failure, nowNanos);
            return;
        }
        gathering().lose(source(), CandidateType.RELAY, failure, nowNanos);
    }

    private void release() {
        client = null;
        socket().flows.remove(address, this);
        LinkId open = link;
        link = null;
        if (open != null) {
            gathering().unlink(open);
        }
    }

    @Override
    public void transmit(ByteBuffer message) {
        requests++;
        // RFC 8445 §5.1.1.2: the retry after a challenge is a transaction of its own; it goes at once, and what is to
        // follow waits the longer.
        if (isTaking && isRunning()) {
            gathering().queue().onTransaction(nowNanos);
        }
        send(message);
    }

    @Override
    public void transmit(ByteBuffer header, ByteBuffer payload, int paddingBytes) {
        ByteBuffer whole = ByteBuffer.allocate(header.remaining() + payload.remaining() + paddingBytes);
        whole.put(header.duplicate()).put(payload.duplicate()).position(0);
        send(whole);
    }

    private void send(ByteBuffer message) {
        LinkId open = link;
        if (isDatagram()) {
            gathering().out().send(socket().id(), address, message);
        } else if (open != null) {
            gathering().out().send(open, message);
        }
    }

    @Override
    public void onData(TransportAddress peer, ByteBuffer buffer, int offset, int lengthBytes) {
        client().relayed(peer.ip().family())
                .flatMap(relayed -> gathering().candidates().from(source(), relayed))
                .ifPresent(candidate -> gathering().out().onRelayedData(candidate, peer, buffer, offset, lengthBytes));
    }

    private TurnClient client() {
        TurnClient present = client;
        if (present == null) {
            throw new IllegalStateException("there is no allocation");
        }
        return present;
    }
}
