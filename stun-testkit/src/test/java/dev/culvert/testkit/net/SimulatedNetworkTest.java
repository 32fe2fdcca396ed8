package dev.culvert.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.culvert.testkit.VirtualClock;
import dev.culvert.testkit.net.Trace.Outcome;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SimulatedNetworkTest {
    private static final Duration LATENCY = Duration.ofMillis(10);

    static long[] starts() {
        return VirtualClock.hostileStarts();
    }

    @ParameterizedTest
    @MethodSource("starts")
    void datagramArrivesAfterTheLatencyWhereverTheClockStarts(long startNanos) {
        SimulatedNetwork network = new SimulatedNetwork(1, VirtualClock.startingAt(startNanos));
        network.internet().link(Link.withLatency(LATENCY));
        SimulatedHost server = network.internet().host("server", "192.0.2.1");
        SimulatedSocket client = network.internet().host("client", "192.0.2.2").open(5000);
        List<String> arrivals = new ArrayList<>();
        server.open(3478).onDatagram((local, remote, payload, nowNanos) -> {
            arrivals.add(Addresses.text(local) + " " + Addresses.text(remote) + " " + payload.get(0) + " "
                    + (nowNanos - startNanos));
        });

        client.send(server.endpoint(3478), new byte[] {7});
        network.runUntilIdle();

        assertThat(arrivals).containsExactly("192.0.2.1:3478 192.0.2.2:5000 7 " + LATENCY.toNanos());
    }

    @ParameterizedTest
    @MethodSource("starts")
    void timersRunInOrderOfTheirTimeWhereverTheClockStarts(long startNanos) {
        SimulatedNetwork network = new SimulatedNetwork(1, VirtualClock.startingAt(startNanos));
        List<String> order = new ArrayList<>();
        network.after(Duration.ofMillis(3), () -> order.add("third"));
        network.after(Duration.ofMillis(1), () -> order.add("first"));
        network.after(Duration.ofMillis(2), () -> order.add("cancelled")).cancel();
        network.after(Duration.ofMillis(1), () -> order.add("second"));

        network.runFor(Duration.ofMillis(2));
        order.add("two milliseconds have passed: " + (network.nowNanos() - startNanos == 2_000_000));
        network.runUntilIdle();

        assertThat(order).containsExactly("first", "second", "two milliseconds have passed: true", "third");
    }

    @Test
    void runUntilStopsAtTheConditionAndAtTheLimit() {
        SimulatedNetwork network = new SimulatedNetwork(1);
        List<String> seen = new ArrayList<>();
        long startNanos = network.nowNanos();
        network.after(Duration.ofSeconds(1), () -> seen.add("one"));
        network.after(Duration.ofSeconds(9), () -> seen.add("nine"));

        boolean first = network.runUntil(() -> seen.size() == 1, Duration.ofSeconds(5));
        long firstNanos = network.nowNanos() - startNanos;
        boolean second = network.runUntil(() -> seen.size() == 2, Duration.ofSeconds(5));

        assertThat(first).isTrue();
        assertThat(firstNanos).isEqualTo(1_000_000_000L);
        assertThat(second).isFalse();
        assertThat(network.nowNanos() - startNanos).isEqualTo(6_000_000_000L);
    }

    @Test
    void cancelledTimerDoesNotMoveTheClock() {
        SimulatedNetwork network = new SimulatedNetwork(1);
        long startNanos = network.nowNanos();
        network.after(Duration.ofHours(1), () -> {}).cancel();

        network.runUntilIdle();

        assertThat(network.nowNanos()).isEqualTo(startNanos);
    }

    @Test
    void sameSeedGivesTheSameTraceAndAnotherSeedAnother() {
        String first = faultyRun(42).toString();
        String again = faultyRun(42).toString();
        String other = faultyRun(43).toString();

        assertThat(again).isEqualTo(first);
        assertThat(other).isNotEqualTo(first);
    }

    @Test
    void faultyLinkLosesDuplicatesAndReordersItsShare() {
        Trace trace = faultyRun(42);

        assertThat(trace.count(Outcome.SENT)).isEqualTo(1000);
        assertThat(trace.count(Outcome.LOST)).isBetween(70, 130);
        assertThat(trace.count(Outcome.DUPLICATED)).isBetween(60, 120);
        int arrived = 1000 - trace.count(Outcome.LOST) + trace.count(Outcome.DUPLICATED);
        assertThat(trace.count(Outcome.DELIVERED)).isEqualTo(arrived);
        assertThat(overtaken(trace)).isBetween(60, 140);
    }

    @Test
    void jitterAloneKeepsTheOrder() {
        Trace trace = run(7, Link.withLatency(LATENCY).jittered(Duration.ofMillis(50)));

        assertThat(trace.count(Outcome.DELIVERED)).isEqualTo(1000);
        assertThat(overtaken(trace)).isZero();
    }

    @Test
    void hostLinksDifferByDirection() {
        SimulatedNetwork network = new SimulatedNetwork(1);
        network.internet().link(Link.ideal());
        SimulatedHost a = network.internet()
                .host("a", "192.0.2.1")
                .link(Link.withLatency(Duration.ofMillis(30)), Link.withLatency(Duration.ofMillis(5)));
        SimulatedHost b = network.internet().host("b", "192.0.2.2");
        List<Long> arrivalsNanos = new ArrayList<>();
        SimulatedSocket socketB = b.open(2);
        socketB.onDatagram((local, remote, payload, nowNanos) -> {
            arrivalsNanos.add(nowNanos);
            socketB.send(remote, payload);
        });
        SimulatedSocket socketA =
                a.open(1).onDatagram((local, remote, payload, nowNanos) -> arrivalsNanos.add(nowNanos));
        long startNanos = network.nowNanos();

        socketA.send(b.endpoint(2), new byte[1]);
        network.runUntilIdle();

        assertThat(arrivalsNanos).containsExactly(startNanos + 30_000_000, startNanos + 35_000_000);
    }

    @Test
    void serverAnswersFromTheAddressThatItChooses() {
        SimulatedNetwork network = new SimulatedNetwork(1);
        SimulatedHost server = network.internet().host("server", "192.0.2.1", "192.0.2.2", "2001:db8::1");
        SimulatedSocket listener = server.open(3478);
        SimulatedSocket client =
                network.internet().host("client", "192.0.2.9", "2001:db8::9").open();

        listener.send(Addresses.address("192.0.2.2"), client.local(), new byte[1]);
        client.send(Addresses.endpoint("[2001:db8::1]:3478"), new byte[2]);
        network.runUntilIdle();

        assertThat(client.received())
                .extracting(Datagram::source)
                .containsExactly(Addresses.endpoint("192.0.2.2:3478"));
        assertThat(listener.received())
                .extracting(Datagram::source)
                .containsExactly(Addresses.endpoint("2001:db8::9", client.port()));
    }

    @Test
    void hostOnTwoSegmentsSendsFromTheOneThatKnowsTheRemote() {
        SimulatedNetwork network = new SimulatedNetwork(1);
        Segment lan = network.segmentBehind(new DeadEnd());
        SimulatedHost printer = lan.host("printer", "192.168.1.9");
        SimulatedHost laptop = network.internet().host("laptop", "192.0.2.2").join(lan, "192.168.1.2");

        SimulatedSocket socket = laptop.open(5000);
        SimulatedSocket printerSocket = printer.open(631);
        socket.send(printer.endpoint(631), new byte[1]);
        network.runUntilIdle();

        assertThat(printerSocket.received())
                .extracting(Datagram::source)
                .containsExactly(Addresses.endpoint("192.168.1.2:5000"));
    }

    @Test
    void missingSocketsAndRoutesAreTraced() {
        SimulatedNetwork network = new SimulatedNetwork(1);
        network.internet().host("server", "192.0.2.1");
        SimulatedSocket client = network.internet().host("client", "192.0.2.2").open();

        client.send(Addresses.endpoint("192.0.2.1:9"), new byte[1]);
        client.send(Addresses.endpoint("198.51.100.1:9"), new byte[1]);
        network.runUntilIdle();

        assertThat(network.trace().entries(Outcome.DROPPED))
                .extracting(Trace.Entry::place, Trace.Entry::note)
                .containsExactlyInAnyOrder(tuple("server", "no socket"), tuple("internet", "no route"));
    }

    @Test
    void portsAndAddressesAreHeldByOneOnly() {
        SimulatedNetwork network = new SimulatedNetwork(1);
        SimulatedHost host = network.internet().host("host", "192.0.2.1", "192.0.2.2");
        SimulatedSocket onOne = host.open(Addresses.endpoint("192.0.2.1:5000"));

        assertThatThrownBy(() -> host.open(5000)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> network.internet().host("thief", "192.0.2.1"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(host.open(Addresses.endpoint("192.0.2.2:5000")).port()).isEqualTo(5000);
        onOne.close();
        assertThat(host.open(Addresses.endpoint("192.0.2.1:5000")).local()).isEqualTo(onOne.local());
        assertThatThrownBy(() -> onOne.send(host.endpoint(1), new byte[0])).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void payloadsOfCopiesAreIndependent() {
        SimulatedNetwork network = new SimulatedNetwork(1);
        network.internet().link(Link.ideal().duplicating(1));
        SimulatedHost server = network.internet().host("server", "192.0.2.1");
        List<Byte> firstBytes = new ArrayList<>();
        server.open(1).onDatagram((local, remote, payload, nowNanos) -> {
            firstBytes.add(payload.get(0));
            payload.put(0, (byte) 99);
        });

        ByteBuffer payload = ByteBuffer.wrap(new byte[] {0, 5}).position(1);
        network.internet().host("client", "192.0.2.2").open().send(server.endpoint(1), payload);
        network.runUntilIdle();

        assertThat(firstBytes).containsExactly((byte) 5, (byte) 5);
        assertThat(payload.position()).isEqualTo(1);
    }

    @Test
    void addressesAreLiteralsOnly() {
        assertThat(Addresses.endpoint("[2001:db8::1]:5").getPort()).isEqualTo(5);
        assertThatThrownBy(() -> Addresses.address("localhost")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Addresses.address("1.2.3.999")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Addresses.endpoint("2001:db8::1:5")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Link.ideal().losing(1.5)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Trace faultyRun(long seed) {
        Link faulty = Link.withLatency(LATENCY)
                .jittered(Duration.ofMillis(3))
                .losing(0.1)
                .duplicating(0.1)
                .reordering(0.1, Duration.ofMillis(30));
        return run(seed, faulty);
    }

    private static Trace run(long seed, Link link) {
        SimulatedNetwork network = new SimulatedNetwork(seed);
        network.internet().link(link);
        SimulatedHost server = network.internet().host("server", "192.0.2.1");
        server.open(3478);
        SimulatedSocket client = network.internet().host("client", "192.0.2.2").open();
        InetSocketAddress target = server.endpoint(3478);
        for (int i = 0; i < 1000; i++) {
            int number = i;
            network.after(Duration.ofMillis(i), () -> client.send(target, intBytes(number)));
        }
        network.runUntilIdle();
        return network.trace();
    }

    private static byte[] intBytes(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    /** How many datagrams came after one that was sent later. */
    private static int overtaken(Trace trace) {
        int highest = -1;
        int count = 0;
        for (Trace.Entry entry : trace.entries(Outcome.DELIVERED)) {
            int number = entry.datagram().payload().getInt();
            count += number < highest ? 1 : 0;
            highest = Math.max(highest, number);
        }
        return count;
    }

    private static final class DeadEnd implements Gateway {
        @Override
        public String name() {
            return "dead end";
        }

        @Override
        public boolean leadsTo(InetAddress destination) {
            return false;
        }

        @Override
        public void onInside(Datagram datagram) {}

        @Override
        public void onOutside(Datagram datagram) {}
    }
}
