package dev.culvert.ice.check;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.ice.SocketId;
import dev.culvert.ice.nat.ProbeServer;
import dev.culvert.stun.AddressFamily;
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
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Drives a check of a planted server with the sockets of a simulated host, in virtual time. */
final class SimulatedCheck implements ServerCheck.Output {
    private final SimulatedNetwork network;
    private final SimulatedHost host;
    private final List<SimulatedSocket> sockets = new ArrayList<>();
    private @Nullable ServerCheck check;
    private SimulatedNetwork.@Nullable Timer timer;
    private @Nullable ServerReport report;

    private SimulatedCheck(SimulatedNetwork network, SimulatedHost host) {
        this.network = network;
        this.host = host;
    }

    /** Puts {@code server} on the Internet. */
    static void place(SimulatedNetwork network, PlantedServer server) {
        List<TransportAddress> addresses = server.addresses();
        String first = addresses.get(0).ip().toString();
        SimulatedHost at =
                network.internet().host("server", first, addresses.get(3).ip().toString());
        Map<Integer, SimulatedSocket> byPort = new HashMap<>();
        for (TransportAddress address : addresses.subList(0, 2)) {
            byPort.put(address.port(), at.open(address.port()));
        }
        byPort.values()
                .forEach(socket -> socket.onDatagram(
                        (local, remote, payload, nowNanos) -> answer(server, byPort, local, remote, payload)));
    }

    private static void answer(
            PlantedServer server,
            Map<Integer, SimulatedSocket> byPort,
            InetSocketAddress local,
            InetSocketAddress remote,
            ByteBuffer payload) {
        server.onDatagram(TransportAddress.of(local), TransportAddress.of(remote), payload)
                .forEach(sent -> Objects.requireNonNull(byPort.get(sent.from().port()))
                        .send(sent.from().ip().toInetAddress(), sent.to().toInetSocketAddress(), sent.bytes()));
    }

    static ServerReport run(SimulatedNetwork network, SimulatedHost host, TransportAddress server) {
        SimulatedCheck run = new SimulatedCheck(network, host);
        ProbeServer asked = new ProbeServer(server.toString(), server);
        CheckPlan plan = new CheckPlan(asked, RetransmissionSchedule.probe(), false);
        run.check = ServerCheck.start(plan, network.random(), network.nowNanos(), run);
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
            if (check != null) {
                check.onMessage(id, TransportAddress.of(remote), payload, nowNanos);
                followDeadline();
            }
        }));
        return id;
    }

    @Override
    public void send(SocketId socket, TransportAddress to, ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        sockets.get(socket.number()).send(to.toInetSocketAddress(), ByteBuffer.wrap(copy));
    }

    @Override
    public void onFinished(ServerReport finished) {
        report = finished;
    }

    private void followDeadline() {
        if (timer != null) {
            timer.cancel();
        }
        OptionalLong deadline = check == null ? OptionalLong.empty() : check.nextDeadlineNanos();
        if (deadline.isPresent()) {
            timer = network.at(deadline.getAsLong(), () -> {
                if (check != null) {
                    check.onTimeout(network.nowNanos());
                    followDeadline();
                }
            });
        }
    }
}
