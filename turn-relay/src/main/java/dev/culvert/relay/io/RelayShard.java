package dev.culvert.relay.io;

import dev.culvert.relay.auth.Authentication.NeedCredential;
import dev.culvert.relay.auth.WaitingRequest;
import dev.culvert.relay.core.ChannelBinding;
import dev.culvert.relay.core.DataIndication;
import dev.culvert.relay.core.RelayCounter;
import dev.culvert.relay.core.RelayEvent;
import dev.culvert.relay.core.RelayOpening;
import dev.culvert.relay.core.RelayOutput;
import dev.culvert.relay.core.RelayPort;
import dev.culvert.relay.core.Route;
import dev.culvert.relay.core.TurnServer;
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
    private final SplittableRandom transactionIds;

    private final ChannelData channelData = new ChannelData();
    private final ByteBuffer head = ByteBuffer.allocateDirect(ChannelData.HEADER_LENGTH);
    private final ByteBuffer indication = ByteBuffer.allocateDirect(DataIndication.MAX_HEADER_LENGTH);

    private final IcmpReports icmpReports;

    /** Whose message is being handled; null between messages. */
    private @Nullable ClientLink current;

    private long timer;
    private long unexpectedFailures;

    RelayShard(ServerLoop loop, TurnServer turn, Optional<CredentialDesk> credentials, RelayLog log, long seed) {
        this.loop = loop;
        this.turn = turn;
        this.credentials = credentials;
        this.log = log;
        this.transactionIds = new SplittableRandom(seed);
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
        int dataBytes = channelData.lengthBytes();
        ChannelBinding binding = turn.routeToPeer(endpoint, client, channelData.number(), dataBytes, System.nanoTime());
        if (binding == null) {
            return;
        }
        send(
                ((RelaySocket) binding.relay()).port(),
                binding.peer(),
                bytes,
                channelData.payloadOffset(),
                dataBytes,
                false);
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

    /** Takes a datagram that a peer sent to {@code socket}. */
    void onPeerData(
            RelaySocket socket, ClientLink client, ByteBuffer bytes, int offset, int lengthBytes, SourceAddress peer) {
        Route route = turn.routeToClient(socket, peer, lengthBytes, System.nanoTime());
        if (route == null) {
            return;
        }
        int position = bytes.position();
        int limit = bytes.limit();
        ByteBuffer data = bytes.limit(offset + lengthBytes).position(offset);
        boolean isSent = route.channel() == Route.NO_CHANNEL
                ? indicate(client, peer.toTransportAddress(), data)
                : client.relay(channelHeader(route.channel(), lengthBytes), data, 0);
        bytes.limit(limit).position(position);
        if (!isSent) {
            turn.counters().increment(RelayCounter.CLIENT_SEND_FAILURES);
        }
    }

    private ByteBuffer channelHeader(int channel, int lengthBytes) {
        head.clear();
        ChannelData.writeHeader(head, channel, lengthBytes);
        return head.flip();
    }

    private boolean indicate(ClientLink client, TransportAddress peer, ByteBuffer data) {
        int lengthBytes = data.remaining();
        if (lengthBytes > DataIndication.MAX_DATA_LENGTH) {
            return false;
        }
        indication.clear();
        DataIndication.writeHeader(indication, transactionIds.nextInt(), transactionIds.nextLong(), peer, lengthBytes);
        return client.relay(indication.flip(), data, DataIndication.padding(lengthBytes));
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
        current = client;
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
                    .ifPresent(client -> onMessage(client, bytes, bytes.position(), bytes.remaining()));
        }
        loop.flush();
    }

    @Override
    public void reply(FiveTuple flow, ByteBuffer message) {
        if (current != null) {
            current.reply(message);
        }
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
    public void startRelay(RelayPort relay) {
        ClientLink client = current;
        if (client == null) {
            throw new IllegalStateException("a relay port starts while its client's request is handled");
        }
        client.trust();
        ((RelaySocket) relay).start(this, client);
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
    }
}
