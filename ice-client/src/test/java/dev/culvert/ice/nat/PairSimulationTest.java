package dev.culvert.ice.nat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.ice.nat.PairVerdict.Connection;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.nat.NatBehavior;
import dev.culvert.testkit.nat.PortAssignment;
import dev.culvert.testkit.nat.SimulatedNat;
import dev.culvert.testkit.net.Link;
import dev.culvert.testkit.net.SimulatedHost;
import dev.culvert.testkit.net.SimulatedNetwork;
import dev.culvert.testkit.net.SimulatedSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two hosts behind every pair of NATs, in memory: they connect as the verdict says. */
class PairSimulationTest {
    private static final Duration STEP = Duration.ofMillis(100);
    private static final int STEPS = 10;

    /** A kind of NAT, in the words of RFC 4787. */
    record Kind(dev.culvert.testkit.nat.MappingBehavior mapping, dev.culvert.testkit.nat.FilteringBehavior filtering) {
        NatBehavior behavior() {
            NatBehavior plain = NatBehavior.of(mapping, filtering);
            return mapping == dev.culvert.testkit.nat.MappingBehavior.ENDPOINT_INDEPENDENT
                    ? plain
                    : plain.with(PortAssignment.random());
        }
    }

    static Stream<Object[]> pairs() {
        List<Kind> kinds = new ArrayList<>();
        for (var mapping : dev.culvert.testkit.nat.MappingBehavior.values()) {
            for (var filtering : dev.culvert.testkit.nat.FilteringBehavior.values()) {
                kinds.add(new Kind(mapping, filtering));
            }
        }
        return kinds.stream().flatMap(a -> kinds.stream().map(b -> new Object[] {a, b}));
    }

    /** One host with one socket, and what it has heard from the other. */
    private static final class Side {
        final SimulatedSocket socket;
        TransportAddress mapped = ScriptedServer.A1P1;
        boolean heard;

        Side(SimulatedNetwork network, SimulatedHost host) {
            socket = host.open();
            socket.onDatagram((local, remote, payload, now) -> {
                StunMessage message = new StunMessage();
                message.wrap(payload);
                BindingExchange.mappedIn(message).ifPresent(address -> mapped = address);
            });
            ByteBuffer request = ByteBuffer.allocate(20);
            TransactionId id = TransactionId.random(network.random());
            new StunWriter().begin(request, MessageClass.REQUEST, StunMethod.BINDING, id);
            socket.send(ScriptedServer.A1P1.toInetSocketAddress(), request.flip());
            network.runFor(STEP);
            socket.onDatagram((local, remote, payload, now) -> {
                heard = true;
                if (StandardCharsets.US_ASCII
                        .decode(payload.duplicate())
                        .toString()
                        .equals("ask")) {
                    send(TransportAddress.of(remote), "answer");
                }
            });
        }

        void send(TransportAddress to, String word) {
            socket.send(to.toInetSocketAddress(), word.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static final class Lab {
        final SimulatedNetwork network = new SimulatedNetwork(21);
        final SimulatedHost a;
        final SimulatedHost b;

        Lab(Kind ofA, Kind ofB) {
            new ScriptedServer(network);
            a = behind(ofA, "203.0.113.10");
            b = behind(ofB, "203.0.113.11");
        }

        private SimulatedHost behind(Kind kind, String address) {
            if (kind.mapping == dev.culvert.testkit.nat.MappingBehavior.NONE) {
                return SimulatedNat.on(
                                network.internet(), NatBehavior.firewallOnly().with(kind.filtering))
                        .inside()
                        .host("host " + address, address)
                        .link(Link.withLatency(Duration.ofMillis(10)));
            }
            return SimulatedNat.on(network.internet(), kind.behavior(), address)
                    .inside()
                    .host("host behind " + address, "192.168.7.2")
                    .link(Link.withLatency(Duration.ofMillis(10)));
        }

        boolean connects(boolean aSends, boolean bSends) {
            Side ofA = new Side(network, a);
            Side ofB = new Side(network, b);
            for (int i = 0; i < STEPS; i++) {
                if (aSends) {
                    ofA.send(ofB.mapped, "ask");
                }
                if (bSends) {
                    ofB.send(ofA.mapped, "ask");
                }
                network.runFor(STEP);
            }
            return ofA.heard && ofB.heard;
        }

        Connection reality() {
            if (connects(true, false) || connects(false, true)) {
                return Connection.DIRECT;
            }
            return connects(true, true) ? Connection.SIMULTANEOUS_OPEN : Connection.RELAY;
        }
    }

    /** What a discovery that misses nothing tells of a host behind such a NAT. */
    private static PairSide side(String name, String address, Kind kind) {
        MappingBehavior mapping = MappingBehavior.valueOf(kind.mapping.name());
        FilteringBehavior filtering = FilteringBehavior.valueOf(kind.filtering.name());
        return new PairSide(
                name,
                mapping,
                filtering,
                NatType.of(mapping, filtering) == NatType.SYMMETRIC,
                List.of(TransportAddress.parse(address + ":4000").orElseThrow()),
                List.of(),
                true,
                false,
                0.99);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void verdictIsWhatHappens(Kind ofA, Kind ofB) {
        Lab lab = new Lab(ofA, ofB);

        PairVerdict verdict = PairVerdict.of(side("A", "203.0.113.10", ofA), side("B", "203.0.113.11", ofB));

        assertThat(verdict.connection()).as(verdict.reason()).isEqualTo(lab.reality());
    }
}
