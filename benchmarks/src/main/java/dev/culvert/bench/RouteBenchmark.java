package dev.culvert.bench;

import dev.culvert.relay.auth.Authentication.NeedCredential;
import dev.culvert.relay.core.ClientHandle;
import dev.culvert.relay.core.Gate;
import dev.culvert.relay.core.Ledger;
import dev.culvert.relay.core.RelayAddress;
import dev.culvert.relay.core.RelayEvent;
import dev.culvert.relay.core.RelayOpening;
import dev.culvert.relay.core.RelayOutput;
import dev.culvert.relay.core.RelayPort;
import dev.culvert.relay.core.RelaySettings;
import dev.culvert.relay.core.Route;
import dev.culvert.relay.core.TurnServer;
import dev.culvert.relay.policy.PeerPolicy;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.server.core.SourceAddress;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.ChannelData;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.stun.attribute.XorPeerAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to find the way of a packet, each time of another allocation.
 *
 * <pre>{@code
 * mvn -q -DskipTests -pl benchmarks -am package
 * java -cp benchmarks/target/benchmarks.jar org.openjdk.jmh.Main RouteBenchmark -prof gc
 * }</pre>
 *
 * <p>The gate is {@code gc.alloc.rate.norm} of 0 B/op; the time must not grow with the number of allocations, but for what
 * no cache holds.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class RouteBenchmark {
    private static final int LENGTH = 160;
    private static final IpAddress SERVER_IP = IpAddress.parse("192.0.2.1").orElseThrow();
    private static final TransportAddress SERVER = new TransportAddress(SERVER_IP, 3478);
    private static final TransportAddress PEER =
            TransportAddress.parse("9.9.9.9:4000").orElseThrow();

    /** How many there are. */
    @Param({"1", "100", "10000"})
    public int allocations;

    private final SourceAddress peer = SourceAddress.of(PEER);
    private final List<SourceAddress> clients = new ArrayList<>();
    private final List<RelayPort> ports = new ArrayList<>();
    private final TurnServer server = server();
    private int endpoint;
    private int next;

    /** For JMH. */
    public RouteBenchmark() {}

    private static TurnServer server() {
        Ledger ledger = new Ledger(1024, 65_535, 50_000, 50_000);
        return new TurnServer(
                RelaySettings.DEFAULT,
                (family, asked) -> Optional.of(RelayAddress.of(SERVER_IP)),
                Gate.insecureOpen(),
                new PeerPolicy(List.of(), List.of(), ledger),
                ledger,
                new Random(1));
    }

    @Setup
    public void allocate() {
        endpoint = server.endpoint(Transport.UDP, SERVER);
        Output output = new Output();
        for (int i = 0; i < allocations; i++) {
            TransportAddress client = new TransportAddress(IpAddress.v4(0x0B000000 + i), 40_000);
            FiveTuple flow = new FiveTuple(Transport.UDP, SERVER, client);
            ask(flow, output, StunMethod.ALLOCATE, new RequestedTransport(RequestedTransport.UDP));
            ask(
                    flow,
                    output,
                    StunMethod.CHANNEL_BIND,
                    new ChannelNumber(ChannelData.MIN_NUMBER),
                    new XorPeerAddress(PEER));
            clients.add(SourceAddress.of(client));
        }
        if (toPeer() == null || toClient() == null) {
            throw new IllegalStateException("no route");
        }
    }

    private void ask(FiveTuple flow, RelayOutput output, int method, Attribute... attributes) {
        ByteBuffer request = ByteBuffer.allocate(128);
        TransactionId id = new TransactionId((long) TransactionId.MAGIC_COOKIE << 32, method);
        StunWriter writer = new StunWriter().begin(request, MessageClass.REQUEST, method, id);
        for (Attribute attribute : attributes) {
            writer.add(attribute);
        }
        server.onBytes(flow, request, 0, request.position(), System.nanoTime(), 0, output);
    }

    @Benchmark
    public @Nullable Route toPeer() {
        return server.routeToPeer(endpoint, clients.get(turn()), ChannelData.MIN_NUMBER, LENGTH, System.nanoTime());
    }

    @Benchmark
    public @Nullable Route toClient() {
        return server.routeToClient(ports.get(turn()), peer, LENGTH, System.nanoTime());
    }

    private int turn() {
        next = next + 1 == allocations ? 0 : next + 1;
        return next;
    }

    /** Ports without sockets. */
    private final class Output implements RelayOutput {
        @Override
        public void reply(FiveTuple flow, ByteBuffer message) {}

        @Override
        public void sendToPeer(
                RelayPort relay,
                TransportAddress to,
                ByteBuffer bytes,
                int offset,
                int lengthBytes,
                boolean dontFragment) {}

        @Override
        public void sendToClient(Route route, SourceAddress from, ByteBuffer bytes, int offset, int lengthBytes) {}

        @Override
        public boolean canForbidFragments() {
            return true;
        }

        @Override
        public RelayOpening openRelay(TransportAddress local) {
            return new RelayOpening.Opened(new RelayPort() {
                @Override
                public TransportAddress local() {
                    return local;
                }
            });
        }

        @Override
        public ClientHandle attach(FiveTuple client) {
            return new ClientHandle() {};
        }

        @Override
        public void startRelay(RelayPort relay) {
            ports.add(relay);
        }

        @Override
        public void closeRelay(RelayPort relay) {}

        @Override
        public void needCredential(NeedCredential needed) {}

        @Override
        public void onEvent(RelayEvent event) {}
    }
}
