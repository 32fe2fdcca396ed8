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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Drives a measurement with the sockets of a simulated host, in virtual time. */
final class SimulatedMeasurement<R> implements Measurement.Output<R> {
    private static final Duration LIMIT = Duration.ofHours(1);

    private final SimulatedNetwork network;
    private final SimulatedHost host;
    private final Measurement measurement;
    private final int firstPort;
    private final List<SimulatedSocket> sockets = new ArrayList<>();
    private SimulatedNetwork.@Nullable Timer timer;
    private @Nullable R report;

    private SimulatedMeasurement(
            SimulatedNetwork network,
            SimulatedHost host,
            int firstPort,
            Function<Measurement.Output<R>, Measurement> measurement) {
        this.network = network;
        this.host = host;
        this.firstPort = firstPort;
        this.measurement = measurement.apply(this);
    }

    /** Runs it to its end, on random ports. */
    static <R> R run(
            SimulatedNetwork network, SimulatedHost host, Function<Measurement.Output<R>, Measurement> measurement) {
        return run(network, host, 0, measurement);
    }

    /**
     * Runs it to its end.
     *
     * @param firstPort of the first socket, each further one taking the next; 0 for random ports
     */
    static <R> R run(
            SimulatedNetwork network,
            SimulatedHost host,
            int firstPort,
            Function<Measurement.Output<R>, Measurement> measurement) {
        return run(network, host, firstPort, measurement, () -> {});
    }

    /** As above, and tells it something at once. */
    static <R> R run(
            SimulatedNetwork network,
            SimulatedHost host,
            int firstPort,
            Function<Measurement.Output<R>, Measurement> measurement,
            Runnable afterStart) {
        SimulatedMeasurement<R> run = new SimulatedMeasurement<>(network, host, firstPort, measurement);
        run.measurement.start(network.nowNanos());
        afterStart.run();
        run.followDeadline();
        network.runUntil(() -> run.report != null, LIMIT);
        run.sockets.forEach(SimulatedSocket::close);
        if (run.report == null) {
            throw new AssertionError("no report:\n" + network.trace());
        }
        return run.report;
    }

    /** What is asked of {@code server} from {@code host}. */
    static MeasurementPlan plan(SimulatedHost host, TransportAddress server) {
        return new MeasurementPlan(
                new ProbeServer(server.toString(), server), localAddresses(host), RetransmissionSchedule.probe());
    }

    static List<IpAddress> localAddresses(SimulatedHost host) {
        return host.addresses().stream().map(IpAddress::of).toList();
    }

    @Override
    public SocketId openSocket(AddressFamily family) {
        SocketId id = new SocketId(sockets.size());
        SimulatedSocket socket = firstPort == 0 ? host.open() : host.open(firstPort + sockets.size());
        sockets.add(socket.onDatagram((local, remote, payload, nowNanos) -> {
            measurement.onMessage(id, TransportAddress.of(remote), payload, nowNanos);
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
    public void onFinished(R finished) {
        report = finished;
    }

    private void followDeadline() {
        if (timer != null) {
            timer.cancel();
        }
        OptionalLong deadline = measurement.nextDeadlineNanos();
        if (deadline.isPresent()) {
            timer = network.at(deadline.getAsLong(), () -> {
                measurement.onTimeout(network.nowNanos());
                followDeadline();
            });
        }
    }
}
