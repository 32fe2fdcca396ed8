package dev.culvert.probe;

import dev.culvert.ice.SocketId;
import dev.culvert.ice.nat.DiscoveryPlan;
import dev.culvert.ice.nat.Measurement;
import dev.culvert.ice.nat.NatDiscovery;
import dev.culvert.ice.nat.NatReport;
import dev.culvert.ice.nat.StreamCheck;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.net.SimulatedHost;
import dev.culvert.testkit.net.SimulatedNetwork;
import dev.culvert.testkit.net.SimulatedSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Drives a discovery with the sockets of a simulated host, in virtual time. */
final class SimulatedProbe implements Measurement.Output<NatReport> {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final SimulatedNetwork network;
    private final SimulatedHost host;
    private final NatDiscovery discovery;
    private final int sourcePort;
    private final List<SimulatedSocket> sockets = new ArrayList<>();
    private SimulatedNetwork.@Nullable Timer timer;
    private @Nullable NatReport report;

    private SimulatedProbe(SimulatedNetwork network, SimulatedHost host, DiscoveryPlan plan, int sourcePort) {
        this.network = network;
        this.host = host;
        this.sourcePort = sourcePort;
        discovery = new NatDiscovery(plan, network.random(), this);
    }

    /**
     * Runs a discovery to its end.
     *
     * @param sourcePort of the first socket, each further one taking the next; 0 for random ports
     */
    static NatReport run(
            SimulatedNetwork network,
            SimulatedHost host,
            DiscoveryPlan plan,
            int sourcePort,
            List<StreamCheck> streams) {
        SimulatedProbe probe = new SimulatedProbe(network, host, plan, sourcePort);
        probe.discovery.start(network.nowNanos());
        streams.forEach(check -> probe.discovery.onStreamCheck(check, network.nowNanos()));
        probe.followDeadline();
        network.runUntil(() -> probe.report != null, LIMIT);
        probe.sockets.forEach(SimulatedSocket::close);
        if (probe.report == null) {
            throw new AssertionError("no report:\n" + network.trace());
        }
        return probe.report;
    }

    @Override
    public SocketId openSocket(AddressFamily family) {
        SocketId id = new SocketId(sockets.size());
        SimulatedSocket socket = sourcePort == 0 ? host.open() : host.open(sourcePort + id.number());
        sockets.add(socket);
        socket.onDatagram((local, remote, payload, nowNanos) -> {
            discovery.onMessage(id, TransportAddress.of(remote), payload, nowNanos);
            followDeadline();
        });
        return id;
    }

    @Override
    public int localPort(SocketId socket) {
        return sockets.get(socket.number()).port();
    }

    @Override
    public void send(SocketId socket, TransportAddress to, ByteBuffer bytes) {
        sockets.get(socket.number()).send(to.toInetSocketAddress(), bytes);
    }

    @Override
    public void onFinished(NatReport finished) {
        report = finished;
    }

    private void followDeadline() {
        if (timer != null) {
            timer.cancel();
        }
        OptionalLong deadline = discovery.nextDeadlineNanos();
        if (deadline.isPresent()) {
            timer = network.at(deadline.getAsLong(), () -> {
                discovery.onTimeout(network.nowNanos());
                followDeadline();
            });
        }
    }
}
