package dev.culvert.bench;

import dev.culvert.bench.Flow.Route;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** Flows in a closed loop: each keeps its window full. */
final class FlowLoad implements Load {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Generator generator;
    private final Trains trains;
    private final LongConsumer latencies;
    private final Tally tally = new Tally();
    private final List<Flow> flows = new ArrayList<>();

    private FlowLoad(Generator generator, Trains trains, LongConsumer latencies) {
        this.generator = generator;
        this.trains = trains;
        this.latencies = latencies;
    }

    /** Binding requests from {@code clients} sockets, {@code window} of them outstanding on each. */
    static FlowLoad bindings(Generator generator, TransportAddress server, int clients, int window) {
        FlowLoad load = new FlowLoad(generator, window > 1 ? Trains.SENT : Trains.NONE, nanos -> {});
        BindingRequest request = new BindingRequest();
        for (int i = 0; i < clients; i++) {
            Wire wire = new UdpWire(generator.sockets(), generator.sockets().client(i), server);
            load.add(new Route(body -> wire.send(NOTHING, body), wire.inlet(), wire.server()), request, window);
        }
        return load;
    }

    /**
     * Application data through allocations.
     *
     * @param latencies takes the nanoseconds that each packet was on its way
     */
    static FlowLoad traffic(Generator generator, Relayed relayed, Traffic traffic, LongConsumer latencies) {
        FlowLoad load = new FlowLoad(generator, traffic.trains(), latencies);
        Payload payload = new Payload(traffic.payloadBytes());
        Routes routes = new Routes(generator.sockets(), relayed, traffic);
        for (int i = 0; i < traffic.allocations(); i++) {
            if (traffic.direction().isToPeer()) {
                load.add(routes.toPeer(i), payload, traffic.window());
            }
            if (traffic.direction().isToClient()) {
                load.add(routes.toClient(i), payload, traffic.window());
            }
        }
        return load;
    }

    private void add(Route route, Packet packet, int window) {
        Inlets inlets = generator.inlets();
        Flow flow = new Flow(inlets.nextFlow(), route, packet, window, tally, latencies);
        inlets.add(flow);
        flows.add(flow);
    }

    List<Flow> flows() {
        return flows;
    }

    @Override
    public void start() {
        generator.sockets().allow(trains);
        flows.forEach(Flow::start);
    }

    @Override
    public void stop() {
        flows.forEach(Flow::stop);
    }

    @Override
    public void expire(long nowNanos) {
        flows.forEach(flow -> flow.expire(nowNanos));
    }

    @Override
    public Tally tally() {
        return tally;
    }
}
