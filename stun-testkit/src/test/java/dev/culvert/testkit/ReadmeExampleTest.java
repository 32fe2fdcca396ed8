package dev.culvert.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.nat.NatBehavior;
import dev.culvert.testkit.nat.SimulatedNat;
import dev.culvert.testkit.net.Addresses;
import dev.culvert.testkit.net.Datagram;
import dev.culvert.testkit.net.Link;
import dev.culvert.testkit.net.SimulatedHost;
import dev.culvert.testkit.net.SimulatedNetwork;
import dev.culvert.testkit.net.SimulatedSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReadmeExampleTest {
    @Test
    void serverAnswersAClientBehindTwoNats() {
        SimulatedNetwork network = new SimulatedNetwork(42);
        network.internet().link(Link.withLatency(Duration.ofMillis(20)).losing(0.1));
        SimulatedHost server = network.internet().host("server", "192.0.2.1", "192.0.2.2");

        SimulatedNat carrier = SimulatedNat.on(network.internet(), NatBehavior.symmetricRandom(), "203.0.113.1");
        SimulatedNat home = SimulatedNat.on(carrier.inside(), NatBehavior.linuxMasquerade(false), "100.64.0.2");
        SimulatedHost client = home.inside().host("client", "192.168.7.2");

        SimulatedSocket listener = server.open(3478);
        listener.onDatagram(
                (local, remote, payload, nowNanos) -> listener.send(local.getAddress(), remote, payload.array()));
        SimulatedSocket socket = client.open();
        socket.send(server.endpoint(3478), new byte[] {1, 2, 3});

        boolean answered = network.runUntil(() -> !socket.received().isEmpty(), Duration.ofSeconds(1));

        assertThat(answered).isTrue();
        assertThat(listener.received())
                .extracting(datagram -> datagram.source().getAddress())
                .containsExactly(Addresses.address("203.0.113.1"));
        assertThat(socket.received()).extracting(Datagram::bytes).containsExactly(new byte[] {1, 2, 3});
        assertThat(network.trace().toString()).contains("FORWARDED nat 100.64.0.2", "FORWARDED nat 203.0.113.1");
    }
}
