package dev.culvert.ice.nat;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.ice.SocketId;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
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
final class SimulatedDiscovery implements NatDiscovery.Output {
    private final SimulatedNetwork network;
    private final SimulatedHost host;
    private final NatDiscovery discovery;
    private final List<SimulatedSocket> sockets = new ArrayList<>();
    private SimulatedNetwork.@Nullable Timer timer;
    private @Nullable NatReport report;

    private SimulatedDiscovery(SimulatedNetwork network, SimulatedHost host, DiscoveryPlan plan) {
        this.network = network;
        this.host = host;
        discovery = new NatDiscovery(plan, network.random(), this);
    }

    static NatReport run(SimulatedNetwork network, SimulatedHost host, TransportAddress... servers) {
        return run(network, host, List.of(), servers);
    }

    static NatReport run(
            SimulatedNetwork network, SimulatedHost host, List<StreamCheck> streams, TransportAddress... servers) {
        List<ProbeServer> asked = new ArrayList<>();
        for (TransportAddress server : servers) {
            asked.add(new ProbeServer(server.toString(), server));
        }
        List<IpAddress> local = host.addresses().stream().map(IpAddress::of).toList();
        DiscoveryPlan plan = new DiscoveryPlan(asked, local, RetransmissionSchedule.probe(), streams.size());
        SimulatedDiscovery run = new SimulatedDiscovery(network, host, plan);
        run.discovery.start(network.nowNanos());
        streams.forEach(check -> run.discovery.onStreamCheck(check, network.nowNanos()));
        run.followDeadline();
        network.runUntil(() -> run.report != null, Duration.ofMinutes(2));
        if (run.report == null) {
            throw new AssertionError("no report:\n" + network.trace());
        }
        return run.report;
    }

    @Override
    public SocketId openSocket(AddressFamily family) {
        SocketId id = new SocketId(sockets.size());
        sockets.add(host.open().onDatagram((local, remote, payload, nowNanos) -> {
            discovery.onMessage(id, TransportAddress.of(remote), payload, nowNanos);
            followDeadline();
        }));
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
