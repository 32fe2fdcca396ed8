package dev.culvert.relay.session;

import dev.culvert.relay.auth.Authentication.NeedCredential;
import dev.culvert.relay.core.ChannelBinding;
import dev.culvert.relay.core.ClientHandle;
import dev.culvert.relay.core.DataIndication;
import dev.culvert.relay.core.Ledger;
import dev.culvert.relay.core.RelayCounter;
import dev.culvert.relay.core.RelayEvent;
import dev.culvert.relay.core.RelayOpening;
import dev.culvert.relay.core.RelayOutput;
import dev.culvert.relay.core.RelayPort;
import dev.culvert.relay.core.Route;
import dev.culvert.relay.core.RunningTimers;
import dev.culvert.relay.core.TurnServer;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.BindingResponder;
import dev.culvert.server.core.Counter;
import dev.culvert.server.core.Counters;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.server.core.SourceAddress;
import dev.culvert.server.core.SourceRateLimiter;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.ChannelData;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.net.SimulatedHost;
import dev.culvert.testkit.net.SimulatedSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;

/** The core of the TURN server on the sockets of a simulated host, with STUN beside it; its books are checked all the time. */
final class SimulatedTurnServer implements RelayOutput {
    static final int PORT = 3478;

    /** Clients are found by their addresses. */
    private static final ClientHandle HANDLE = new ClientHandle() {};

    final TurnServer core;
    final Ledger ledger;
    final Books books;
    private final SimulatedHost host;
    private final WallClock clock;
    private final SimulatedSocket listener;
    private final Deadline deadline;
    private final Random random;
    private final BindingResponder responder =
            new BindingResponder(List.of(), false, SourceRateLimiter.unlimited(), new Counters<>(Counter.class));
    private final Map<TransportAddress, Socket> sockets = new LinkedHashMap<>();
    private final StunMessage message = new StunMessage();
    private final ChannelData channelData = new ChannelData();
    private long bytesToPeers;
    private long bytesToClients;

    /** A relay socket. */
    private static final class Socket extends RelayPort {
        private final SimulatedSocket socket;
        private final TransportAddress local;

        Socket(SimulatedSocket socket, TransportAddress local) {
            this.socket = socket;
            this.local = local;
        }

        @Override
        public TransportAddress local() {
            return local;
        }
    }

    SimulatedTurnServer(SimulatedHost host, WallClock clock, ServerOptions options) {
        this.host = host;
        this.clock = clock;
        random = new Random(options.seed);
        ledger = options.ledger();
        books = new Books(options.mode.isShared());
        core = options.server(ownAddresses(), ledger, random);
        deadline = new Deadline(clock.network(), this::onTimeout);
        listener = host.open(PORT).onDatagram(this::onClient);
    }

    private List<IpAddress> ownAddresses() {
        return host.addresses().stream().map(IpAddress::of).toList();
    }

    /** Where clients with addresses of {@code family} find it. */
    TransportAddress address(AddressFamily family) {
        IpAddress ip = ownAddresses().stream()
                .filter(own -> own.family() == family)
                .findFirst()
                .orElseThrow();
        return new TransportAddress(ip, PORT);
    }

    /** Where clients with IPv4 addresses find it. */
    TransportAddress address() {
        return address(AddressFamily.IPV4);
    }

    /** Ends as a process does that is killed: without a word. */
    void crash() {
        listener.close();
        sockets.values().forEach(socket -> socket.socket.close());
        sockets.clear();
        deadline.cancel();
    }

    private void onClient(InetSocketAddress local, InetSocketAddress remote, ByteBuffer bytes, long nowNanos) {
        FiveTuple flow = new FiveTuple(Transport.UDP, TransportAddress.of(local), TransportAddress.of(remote));
        if (channelData.wrap(bytes) == Malformation.NONE) {
            onChannelData(flow, bytes, nowNanos);
        } else if (isBinding(bytes)) {
            responder.onMessage(flow, message, nowNanos, this::send);
        } else {
            onMessage(flow, bytes, nowNanos);
        }
        settle();
    }

    private void onMessage(FiveTuple flow, ByteBuffer bytes, long nowNanos) {
        long hairpins = core.counters().value(RelayCounter.HAIRPINNED);
        long before = core.counters().value(RelayCounter.BYTES_TO_PEERS);
        core.onBytes(flow, bytes, 0, bytes.remaining(), nowNanos, clock.epochSeconds(), this);
        // What the other allocation refused is nowhere to be seen.
        if (core.counters().value(RelayCounter.HAIRPINNED) > hairpins) {
            bytesToPeers += core.counters().value(RelayCounter.BYTES_TO_PEERS) - before;
        }
    }

    private boolean isBinding(ByteBuffer bytes) {
        return message.wrap(bytes) == Malformation.NONE && message.method() == StunMethod.BINDING;
    }

    private void onChannelData(FiveTuple flow, ByteBuffer bytes, long nowNanos) {
        int endpoint = core.endpoint(flow.transport(), flow.local());
        int length = channelData.lengthBytes();
        ChannelBinding route =
                core.routeToPeer(endpoint, SourceAddress.of(flow.remote()), channelData.number(), length, nowNanos);
        if (route == null) {
            return;
        }
        RelayPort near = core.hairpin(route);
        if (near == null) {
            sendToPeer(route.relay(), route.peer(), bytes, channelData.payloadOffset(), length, false);
            return;
        }
        bytesToPeers += length;
        Route back = core.routeToClient(near, route.source(), length, nowNanos);
        if (back != null) {
            sendToClient(back, route.source(), bytes, channelData.payloadOffset(), length);
        }
    }

    private void onPeer(Socket socket, InetSocketAddress remote, ByteBuffer payload, long nowNanos) {
        TransportAddress peer = TransportAddress.of(remote);
        Route route = core.routeToClient(socket, SourceAddress.of(peer), payload.remaining(), nowNanos);
        if (route != null) {
            sendToClient(route, SourceAddress.of(peer), payload, payload.position(), payload.remaining());
        }
        settle();
    }

    private ByteBuffer frame(Route route, TransportAddress peer, ByteBuffer payload) {
        int length = payload.remaining();
        ByteBuffer frame = ByteBuffer.allocate(DataIndication.MAX_HEADER_LENGTH + length + 3);
        if (route.channel() != Route.NO_CHANNEL) {
            ChannelData.writeHeader(frame, route.channel(), length);
            return frame.put(payload).flip();
        }
        DataIndication.writeHeader(frame, random.nextInt(), random.nextLong(), peer, length);
        frame.put(payload);
        DataIndication.writePadding(frame, length);
        return frame.flip();
    }

    private void onTimeout() {
        core.onTimeout(clock.network().nowNanos(), this);
        settle();
    }

    private void settle() {
        deadline.follow(core.nextDeadlineNanos());
        requireBalance();
    }

    /** Throws where the books, the core, the ledger and the sockets differ. */
    void requireBalance() {
        books.requireBalance(ledger.totals(), sockets.size(), core.allocations(), RunningTimers.of(core));
    }

    /** Throws where something is left of what clients had. */
    void requireNothingLeft() {
        settle();
        boolean isEmpty = core.allocations() == 0
                && books.channels() == 0
                && sockets.isEmpty()
                && RunningTimers.of(core) == 0
                && core.nextDeadlineNanos().equals(OptionalLong.empty())
                && ledger.totals().equals(Ledger.Totals.ZERO);
        if (!isEmpty) {
            throw new AssertionError("left: " + core.allocations() + " allocations, " + RunningTimers.of(core)
                    + " timers, " + sockets.keySet() + ", " + ledger.totals());
        }
        if (books.bytesToPeers() != bytesToPeers || books.bytesToClients() != bytesToClients) {
            throw new AssertionError("relayed " + bytesToPeers + " and " + bytesToClients + " bytes, told "
                    + books.bytesToPeers() + " and " + books.bytesToClients());
        }
    }

    @Override
    public void reply(FiveTuple flow, ByteBuffer bytes) {
        send(bytes, flow.local(), flow.remote());
    }

    private void send(ByteBuffer bytes, TransportAddress local, TransportAddress remote) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        listener.send(local.ip().toInetAddress(), remote.toInetSocketAddress(), copy);
    }

    @Override
    public void sendToPeer(
            RelayPort relay,
            TransportAddress peer,
            ByteBuffer bytes,
            int offset,
            int lengthBytes,
            boolean dontFragment) {
        byte[] data = new byte[lengthBytes];
        bytes.get(offset, data);
        bytesToPeers += lengthBytes;
        ((Socket) relay).socket.send(peer.toInetSocketAddress(), data);
    }

    @Override
    public void sendToClient(Route route, SourceAddress peer, ByteBuffer bytes, int offset, int lengthBytes) {
        bytesToClients += lengthBytes;
        FiveTuple client = route.client();
        ByteBuffer payload = bytes.duplicate().limit(offset + lengthBytes).position(offset);
        send(frame(route, peer.toTransportAddress(), payload), client.local(), client.remote());
    }

    @Override
    public boolean canForbidFragments() {
        return false;
    }

    @Override
    public RelayOpening openRelay(TransportAddress local) {
        try {
            Socket socket = new Socket(host.open(local.toInetSocketAddress()), local);
            sockets.put(local, socket);
            return new RelayOpening.Opened(socket);
        } catch (IllegalStateException portInUse) {
            return RelayOpening.Failure.PORT_TAKEN;
        }
    }

    @Override
    public ClientHandle attach(FiveTuple client) {
        return HANDLE;
    }

    @Override
    public void startRelay(RelayPort relay) {
        Socket socket = (Socket) relay;
        socket.socket.onDatagram((local, remote, payload, nowNanos) -> onPeer(socket, remote, payload, nowNanos));
    }

    @Override
    public void closeRelay(RelayPort relay) {
        sockets.remove(relay.local());
        ((Socket) relay).socket.close();
    }

    @Override
    public void needCredential(NeedCredential needed) {
        throw new AssertionError("there is no store of credentials: " + needed);
    }

    @Override
    public void onEvent(RelayEvent event) {
        books.take(event);
    }
}
