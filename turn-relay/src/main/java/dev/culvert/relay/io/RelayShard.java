package dev.culvert.relay.io;

import dev.culvert.relay.auth.Authentication.NeedCredential;
import dev.culvert.relay.auth.WaitingRequest;
import dev.culvert.relay.core.ChannelBinding;
import dev.culvert.relay.core.ClientHandle;
import dev.culvert.relay.core.RelayCounter;
import dev.culvert.relay.core.RelayEvent;
import dev.culvert.relay.core.RelayOpening;
import dev.culvert.relay.core.RelayOutput;
import dev.culvert.relay.core.RelayPort;
import dev.culvert.relay.core.Route;
import dev.culvert.relay.core.TurnServer;
import dev.culvert.relay.usage.UsageReports;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.server.core.SourceAddress;
import dev.culvert.server.io.BoundUdpSocket;
import dev.culvert.server.io.ClientLink;
import dev.culvert.server.io.LoopService;
import dev.culvert.server.io.ServerLoop;
import dev.culvert.server.io.UdpPort;
import dev.culvert.stun.ChannelData;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop's share of a TURN server: its core between the clients' sockets and the relay sockets. Owned by that
 * loop's thread.
 */
final class RelayShard implements LoopService, RelayOutput {
    private static final Logger LOG = LoggerFactory.getLogger(RelayShard.class);
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** How late an allocation may end; nothing is relayed for it meanwhile. */
    private static final long TIMER_MILLIS = 1000;

    private final ServerLoop loop;
    private final TurnServer turn;
    private final Optional<CredentialDesk> credentials;
    private final RelayLog log;
    private final UsageReports usage;
    private final ClientSender clients;

    private final ChannelData channelData = new ChannelData();
    private final AllocateTimes allocateTimes = new AllocateTimes();

    private final IcmpReports icmpReports;

    /** Whose message is being handled; null between messages. */
    private @Nullable ClientLink current;

    private long timer;
    private long unexpectedFailures;

    /** The way back to a client that has an allocation. */
    private record Client(ClientLink link) implements ClientHandle {}

    RelayShard(
            ServerLoop loop,
            TurnServer turn,
            Optional<CredentialDesk> credentials,
            RelayLog log,
            UsageReports usage,
            long seed) {
        this.loop = loop;
        this.turn = turn;
        this.credentials = credentials;
        this.log = log;
        this.usage = usage;
        SplittableRandom transactionIds = new SplittableRandom(seed);
        this.clients = new ClientSender(transactionIds);
        this.icmpReports = new IcmpReports(turn, transactionIds);
    }

    ServerLoop loop() {
        return loop;
    }

    TurnServer turn() {
        return turn;
    }

    IcmpReports icmpReports() {
        return icmpReports;
    }

    AllocateTimes allocateTimes() {
        return allocateTimes;
    }

    /** Where it learns who may relay; empty where everybody may. */
    Optional<CredentialDesk> credentials() {
        return credentials;
    }

    @Override
    public int endpoint(Transport transport, TransportAddress local) {
        return turn.endpoint(transport, local);
    }

    @Override
    public void onChannelData(int endpoint, SourceAddress client, ByteBuffer bytes, int offset, int lengthBytes) {
        // RFC 8656 §12.6: what is too short for its length field is silently discarded.
        if (channelData.wrap(bytes, offset, lengthBytes) != Malformation.NONE) {
            turn.counters().increment(RelayCounter.CHANNEL_DATA_DISCARDED);
            return;
        }
        int dataOffset = channelData.payloadOffset();
        int dataBytes = channelData.lengthBytes();
        ChannelBinding binding = turn.routeToPeer(endpoint, client, channelData.number(), dataBytes, loop.readNanos());
        if (binding == null) {
            return;
        }
        RelayPort near = turn.hairpin(binding);
        if (near == null) {
            send(((RelaySocket) binding.relay()).port(), binding.peer(), bytes, dataOffset, dataBytes, false);
        } else {
            onPeerData(near, binding.source(), bytes, dataOffset, dataBytes);
        }
    }

    @Override
    public void onSendIndication(int endpoint, SourceAddress client, ByteBuffer bytes, int offset, int lengthBytes) {
        turn.onSendIndication(endpoint, client, bytes, offset, lengthBytes, loop.readNanos(), this);
    }

    /** Sends a part of {@code bytes}, whose own bounds whoever lent it still needs. */
    private static void send(
            UdpPort port, TransportAddress peer, ByteBuffer bytes, int offset, int lengthBytes, boolean dontFragment) {
        int position = bytes.position();
        int limit = bytes.limit();
        bytes.limit(offset + lengthBytes).position(offset);
        if (dontFragment) {
            port.sendUnfragmented(bytes, peer);
        } else {
            port.relay(NOTHING, bytes, 0, peer);
        }
        bytes.limit(limit).position(position);
    }

    /** Takes data that a peer sent to {@code relay}. */
    void onPeerData(RelayPort relay, SourceAddress peer, ByteBuffer bytes, int offset, int lengthBytes) {
        Route route = turn.routeToClient(relay, peer, lengthBytes, loop.readNanos());
        if (route != null) {
            sendToClient(route, peer, bytes, offset, lengthBytes);
        }
    }

    @Override
    public void sendToClient(Route route, SourceAddress peer, ByteBuffer bytes, int offset, int lengthBytes) {
        if (!clients.send(link(route), route, peer, bytes, offset, lengthBytes)) {
            turn.counters().increment(RelayCounter.CLIENT_SEND_FAILURES);
        }
    }

    /** The way back to the client of {@code route}. */
    static ClientLink link(Route route) {
        return ((Client) route.handle()).link;
    }

    /** Takes what went wrong on a relay socket; peers bring about most of it, so that none of it is worth a line. */
    void onPeerFailure(UdpPort port, Throwable cause) {
        if (cause instanceof IOException) {
            turn.counters().increment(RelayCounter.PEER_SEND_FAILURES);
            LOG.debug("{}: {}", port, cause.getMessage());
            return;
        }
        unexpectedFailures++;
        // Not once per packet: at the 1st, 2nd, 4th, 8th, …
        if (Long.bitCount(unexpectedFailures) == 1) {
            LOG.warn("{}: unexpected failure", port, cause);
        }
    }

    @Override
    public Malformation onMessage(ClientLink client, ByteBuffer bytes, int offset, int lengthBytes) {
        return onMessage(client, bytes, offset, lengthBytes, loop.readNanos());
    }

    private Malformation onMessage(
            ClientLink client, ByteBuffer bytes, int offset, int lengthBytes, long receivedNanos) {
        current = client;
        allocateTimes.received(receivedNanos);
        try {
            return turn.onBytes(
                    client.flow(),
                    bytes,
                    offset,
                    lengthBytes,
                    System.nanoTime(),
                    System.currentTimeMillis() / 1000,
                    this);
        } finally {
            current = null;
        }
    }

    @Override
    public boolean isInUse(FiveTuple flow) {
        return turn.hasAllocation(flow);
    }

    @Override
    public void onConnectionClosed(FiveTuple flow) {
        turn.onConnectionClosed(flow, System.nanoTime(), this);
    }

    /** Begins to end what nobody refreshes. */
    void start(Vertx vertx) {
        timer = vertx.setPeriodic(TIMER_MILLIS, due -> onTimer());
    }

    private void onTimer() {
        turn.onTimeout(System.nanoTime(), this);
        credentials.ifPresent(desk -> resume(desk.expired()));
        loop.flush();
    }

    /** Ends all allocations. */
    void stop(Vertx vertx) {
        vertx.cancelTimer(timer);
        // The sockets are still open, and nothing may begin any more.
        turn.drain(List.of());
        turn.endAll(System.nanoTime(), this);
    }

    private void resume(List<WaitingRequest> requests) {
        for (WaitingRequest request : requests) {
            ByteBuffer bytes = request.bytes();
            loop.client(request.flow())
                    .ifPresent(client ->
                            onMessage(client, bytes, bytes.position(), bytes.remaining(), request.receivedNanos()));
        }
        loop.flush();
    }

    @Override
    public void reply(FiveTuple flow, ByteBuffer message) {
        if (current == null) {
            return;
        }
        allocateTimes.answered(message);
        current.reply(message);
    }

    @Override
    public void sendToPeer(
            RelayPort relay,
            TransportAddress peer,
            ByteBuffer bytes,
            int offset,
            int lengthBytes,
            boolean dontFragment) {
        send(((RelaySocket) relay).port(), peer, bytes, offset, lengthBytes, dontFragment);
    }

    @Override
    public boolean canForbidFragments() {
        return loop.canForbidFragments();
    }

    @Override
    public RelayOpening openRelay(TransportAddress local) {
        try {
            return new RelayOpening.Opened(new RelaySocket(loop.bind(local)));
        } catch (BoundUdpSocket.PortTakenException e) {
            return RelayOpening.Failure.PORT_TAKEN;
        } catch (IOException e) {
            log.exhausted(local, e);
            return RelayOpening.Failure.EXHAUSTED;
        }
    }

    @Override
    public ClientHandle attach(FiveTuple client) {
        ClientLink link = current;
        if (link == null) {
            throw new IllegalStateException("an allocation is made while its client's request is handled");
        }
        link.trust();
        return new Client(link);
    }

    @Override
    public void startRelay(RelayPort relay) {
        ((RelaySocket) relay).start(this);
    }

    @Override
    public void closeRelay(RelayPort relay) {
        ((RelaySocket) relay).close();
    }

    @Override
    public void needCredential(NeedCredential needed) {
        credentials.ifPresent(desk -> desk.ask(needed, loop.context(), this::resume));
    }

    @Override
    public void onEvent(RelayEvent event) {
        log.on(event);
        usage.on(event);
    }
}
