package dev.culvert.ice.gather;

import dev.culvert.ice.SocketId;
import dev.culvert.ice.resolution.ServerTransport;
import dev.culvert.ice.turn.AllocateOptions;
import dev.culvert.ice.turn.ScriptedRealm;
import dev.culvert.ice.turn.TurnEvent;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.net.SimulatedHost;
import dev.culvert.testkit.net.SimulatedNetwork;
import dev.culvert.testkit.net.SimulatedSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Drives a gatherer with the sockets of a simulated host, in virtual time. */
final class SimulatedGathering implements GatherOutput {
    final List<GatherEvent> events = new ArrayList<>();
    final List<String> unclaimed = new ArrayList<>();
    final List<String> mappingsAsked = new ArrayList<>();
    final List<String> connectionsAsked = new ArrayList<>();
    final IceGatherer gatherer;

    private final SimulatedNetwork network;
    private final SimulatedHost host;
    private final Map<SocketId, SimulatedSocket> sockets = new HashMap<>();
    private SimulatedNetwork.@Nullable Timer timer;

    SimulatedGathering(
            SimulatedNetwork network, SimulatedHost host, GatherOptions options, LocalInterface... interfaces) {
        this.network = network;
        this.host = host;
        gatherer = new IceGatherer(
                options,
                List.of(interfaces),
                Foundations.ofSession(network.random()),
                Pace.unshared(),
                network.random(),
                this);
    }

    static LocalInterface networkInterface(String name, String... addresses) {
        List<LocalAddress> all = new ArrayList<>();
        for (String address : addresses) {
            all.add(LocalAddress.of(IpAddress.parse(address).orElseThrow()));
        }
        return new LocalInterface(name, LocalInterface.Kind.OTHER, all);
    }

    static GatherServer.Turn turn(String name) {
        return new GatherServer.Turn(name, ServerTransport.UDP, ScriptedRealm.USER, AllocateOptions.Families.IPV4);
    }

    SimulatedGathering start() {
        gatherer.start(network.nowNanos());
        followDeadline();
        return this;
    }

    SimulatedGathering resolve(int server, String... addresses) {
        List<TransportAddress> all = new ArrayList<>();
        for (String address : addresses) {
            all.add(TransportAddress.parse(address).orElseThrow());
        }
        gatherer.onResolved(server, all, network.nowNanos());
        followDeadline();
        return this;
    }

    void map(String service, TransportAddress base, String external) {
        gatherer.onMapped(service, base, TransportAddress.parse(external).orElseThrow(), network.nowNanos());
        followDeadline();
    }

    void endMapping(String service, TransportAddress base, String reason) {
        gatherer.onMappingEnded(service, base, reason, network.nowNanos());
        followDeadline();
    }

    SimulatedGathering untilComplete() {
        return until(GatherEvent.Complete.class);
    }

    SimulatedGathering until(Class<? extends GatherEvent> event) {
        if (!network.runUntil(() -> has(event), Duration.ofMinutes(2))) {
            throw new AssertionError("no " + event.getSimpleName() + ": " + events);
        }
        return this;
    }

    void close() {
        gatherer.close(network.nowNanos());
        followDeadline();
    }

    boolean has(Class<? extends GatherEvent> event) {
        return events.stream().anyMatch(event::isInstance);
    }

    <T extends GatherEvent> List<T> all(Class<T> event) {
        return events.stream().filter(event::isInstance).map(event::cast).toList();
    }

    <T extends GatherEvent> T the(Class<T> event) {
        List<T> found = all(event);
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " of " + event.getSimpleName() + " in " + events);
        }
        return found.get(0);
    }

    /** The candidates in the order in which they were told, as {@code type component address}. */
    List<String> told() {
        return all(GatherEvent.Gathered.class).stream()
                .map(GatherEvent.Gathered::candidate)
                .map(each -> each.type().token() + " " + each.component() + " " + each.address())
                .toList();
    }

    Candidate first(CandidateType type) {
        return gatherer.candidates().stream()
                .filter(each -> each.type() == type)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + type + ": " + events));
    }

    private void followDeadline() {
        if (timer != null) {
            timer.cancel();
        }
        OptionalLong deadline = gatherer.nextDeadlineNanos();
        if (deadline.isPresent()) {
            timer = network.at(deadline.getAsLong(), () -> {
                gatherer.onTimeout(network.nowNanos());
                followDeadline();
            });
        }
    }

    @Override
    public void bind(SocketId socket, IpAddress local, int port) {
        SimulatedSocket opened;
        try {
            opened = host.open(new InetSocketAddress(local.toInetAddress(), port));
        } catch (IllegalArgumentException | IllegalStateException e) {
            gatherer.onBindFailed(socket, String.valueOf(e.getMessage()), network.nowNanos());
            return;
        }
        sockets.put(socket, opened);
        opened.onDatagram((at, remote, payload, nowNanos) -> {
            if (!gatherer.onDatagram(socket, TransportAddress.of(remote), payload, nowNanos)) {
                unclaimed.add(socket + " " + payload.remaining());
            }
            followDeadline();
        });
        gatherer.onBound(socket, opened.port(), network.nowNanos());
    }

    @Override
    public void send(SocketId socket, TransportAddress to, ByteBuffer bytes) {
        SimulatedSocket from = sockets.get(socket);
        if (from == null) {
            throw new AssertionError("not bound: " + socket);
        }
        from.send(to.toInetSocketAddress(), bytes);
    }

    @Override
    public void connect(LinkId link, int server, IpAddress local, TransportAddress to) {
        connectionsAsked.add(local + " to " + to);
        gatherer.onConnectionLost(link, "no TCP here", network.nowNanos());
    }

    @Override
    public void send(LinkId link, ByteBuffer bytes) {
        throw new AssertionError("no TCP here");
    }

    @Override
    public void close(LinkId link) {}

    @Override
    public void map(String service, TransportAddress base) {
        mappingsAsked.add(service + " " + base);
    }

    @Override
    public void onRelayedData(Candidate relayed, TransportAddress peer, ByteBuffer buffer, int offset, int length) {
        unclaimed.add("relayed " + peer + " " + length);
    }

    @Override
    public void onRelayEvent(GatherSource source, TurnEvent event) {}

    @Override
    public void onEvent(GatherEvent event) {
        events.add(event);
    }
}
