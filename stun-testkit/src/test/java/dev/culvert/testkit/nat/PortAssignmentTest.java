package dev.culvert.testkit.nat;

import static dev.culvert.testkit.nat.NatLab.A1P1;
import static dev.culvert.testkit.nat.NatLab.A1P2;
import static dev.culvert.testkit.nat.NatLab.A2P1;
import static dev.culvert.testkit.nat.NatLab.A2P2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.testkit.Rfc;
import dev.culvert.testkit.net.SimulatedSocket;
import dev.culvert.testkit.net.Trace;
import dev.culvert.testkit.net.Trace.Outcome;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PortAssignmentTest {
    @Rfc("4787#4.2.1")
    @Test
    void preservedPortFallsBackToAnotherWhenTaken() {
        NatLab lab = NatLab.with(NatBehavior.fullCone());
        SimulatedSocket first = lab.client.open(5000);
        SimulatedSocket second = lab.nat.inside().host("second", "192.168.7.3").open(5000);

        assertThat(lab.mappedAddress(first, A1P1).getPort()).isEqualTo(5000);
        assertThat(lab.mappedAddress(second, A1P1).getPort()).isNotEqualTo(5000);
    }

    @Rfc("4787#4.2.1")
    @Test
    void overloadedPortIsSharedAndGoesToWhoSpokeWithTheSender() {
        NatLab lab = NatLab.with(NatBehavior.restrictedCone().with(PortAssignment.overloading()));
        SimulatedSocket first = lab.client.open(5000);
        SimulatedSocket second = lab.nat.inside().host("second", "192.168.7.3").open(5000);

        InetSocketAddress mapped = lab.mappedAddress(first, A1P1);

        assertThat(lab.mappedAddress(second, A2P2)).isEqualTo(mapped);
        assertThat(lab.passes(A1P1, mapped, first)).isTrue();
        assertThat(lab.passes(A2P2, mapped, second)).isTrue();
        assertThat(lab.passes(A2P2, mapped, first)).isFalse();
    }

    @Test
    void sequentialPortsFollowTheDelta() {
        NatLab lab = NatLab.with(NatBehavior.symmetricRandom().with(PortAssignment.sequential(2)));
        SimulatedSocket socket = lab.client.open(5000);

        List<Integer> ports = Stream.of(A1P1, A1P2, A2P1, A2P2)
                .map(server -> lab.mappedAddress(socket, server).getPort())
                .toList();

        assertThat(ports).containsExactly(40_000, 40_002, 40_004, 40_006);
    }

    @Test
    void sequenceWrapsInItsRangeAndEndsWhenAllAreTaken() {
        PortAssignment three = PortAssignment.sequential(-1).within(50_000, 50_002);
        NatLab lab = NatLab.with(NatBehavior.fullCone().with(three));

        List<Integer> ports = Stream.of(7, 8, 9)
                .map(port -> lab.mappedAddress(lab.client.open(port), A1P1).getPort())
                .toList();
        lab.client.open(10).send(A1P1, new byte[1]);
        lab.network.runUntilIdle();

        assertThat(ports).containsExactly(50_000, 50_002, 50_001);
        assertThat(lab.network.trace().entries(Outcome.DROPPED))
                .extracting(Trace.Entry::note)
                .containsExactly("no free port");
    }

    @Test
    void randomPortsStayInTheirRangeAndDiffer() {
        NatLab lab =
                NatLab.with(NatBehavior.fullCone().with(PortAssignment.random().within(60_000, 60_063)));

        List<Integer> ports = IntStream.rangeClosed(1, 64)
                .map(port -> lab.mappedAddress(lab.client.open(port), A1P1).getPort())
                .boxed()
                .toList();

        assertThat(ports).doesNotHaveDuplicates().allMatch(port -> port >= 60_000 && port <= 60_063);
        assertThat(ports).isNotEqualTo(ports.stream().sorted().toList());
    }

    @Rfc("4787#4.2.2")
    @Test
    void parityIsKeptWhereTold() {
        NatLab lab = NatLab.with(
                NatBehavior.fullCone().with(PortAssignment.sequential(1).keepingParity()));

        for (int port : new int[] {5000, 5002, 5001, 5007, 5004}) {
            assertThat(lab.mappedAddress(lab.client.open(port), A1P1).getPort() % 2)
                    .isEqualTo(port % 2);
        }
    }

    @Rfc("4787#4.2.3")
    @Test
    void neighboursStayNeighboursWhereTold() {
        NatLab lab =
                NatLab.with(NatBehavior.fullCone().with(PortAssignment.random().keepingContiguity()));

        int rtp = lab.mappedAddress(lab.client.open(5000), A1P1).getPort();

        assertThat(lab.mappedAddress(lab.client.open(5001), A1P1).getPort()).isEqualTo(rtp + 1);
        assertThat(lab.mappedAddress(lab.client.open(4999), A1P1).getPort()).isEqualTo(rtp - 1);
    }

    @Rfc("4787#4.1")
    @Test
    void pairedPoolingKeepsAHostOnOneAddressAndSpreadsHosts() {
        NatLab lab = pool(Pooling.PAIRED);

        Set<InetAddress> first = addressesOf(lab, lab.client.open(5000), lab.client.open(5001));
        Set<InetAddress> second =
                addressesOf(lab, lab.nat.inside().host("second", "192.168.7.3").open(5002));

        assertThat(first).hasSize(1);
        assertThat(second).hasSize(1).isNotEqualTo(first);
    }

    @Rfc("4787#4.1")
    @Test
    void arbitraryPoolingSpreadsTheMappingsOfOneHost() {
        NatLab lab = pool(Pooling.ARBITRARY);

        SimulatedSocket[] sockets =
                IntStream.range(5000, 5016).mapToObj(lab.client::open).toArray(SimulatedSocket[]::new);

        assertThat(addressesOf(lab, sockets)).hasSize(2);
    }

    @Rfc("4787#4.2.1")
    @Test
    void preservedPortIsSoughtOnAnotherAddressOfThePoolFirst() {
        NatLab lab = pool(Pooling.ARBITRARY);
        SimulatedSocket first = lab.client.open(5000);
        SimulatedSocket second = lab.nat.inside().host("second", "192.168.7.3").open(5000);

        InetSocketAddress firstMapped = lab.mappedAddress(first, A1P1);
        InetSocketAddress secondMapped = lab.mappedAddress(second, A1P1);

        assertThat(firstMapped.getPort()).isEqualTo(5000);
        assertThat(secondMapped.getPort()).isEqualTo(5000);
        assertThat(secondMapped.getAddress()).isNotEqualTo(firstMapped.getAddress());
    }

    @Test
    void impossibleAssignmentsAreRefused() {
        assertThatThrownBy(() -> PortAssignment.sequential(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PortAssignment.random().within(9, 8)).isInstanceOf(IllegalArgumentException.class);
    }

    private static NatLab pool(Pooling pooling) {
        return new NatLab(NatBehavior.fullCone().with(pooling), "203.0.113.10", "203.0.113.11");
    }

    private static Set<InetAddress> addressesOf(NatLab lab, SimulatedSocket... sockets) {
        Set<InetAddress> addresses = new HashSet<>();
        for (SimulatedSocket socket : sockets) {
            addresses.add(lab.mappedAddress(socket, A1P1).getAddress());
            addresses.add(lab.mappedAddress(socket, A2P2).getAddress());
        }
        return addresses;
    }
}
