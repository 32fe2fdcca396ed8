package dev.culvert.ice.nat;

import static dev.culvert.ice.nat.ScriptedServer.A1P1;
import static dev.culvert.ice.nat.ScriptedServer.A2P2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Rfc;
import dev.culvert.testkit.nat.MappingLifetime;
import dev.culvert.testkit.nat.NatBehavior;
import dev.culvert.testkit.nat.Pooling;
import dev.culvert.testkit.nat.PortAssignment;
import dev.culvert.testkit.nat.SimulatedNat;
import dev.culvert.testkit.net.Link;
import dev.culvert.testkit.net.SimulatedHost;
import dev.culvert.testkit.net.SimulatedNetwork;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers, NATs and networks that mislead: the verdict is right, or it says why it is none. */
class DeceptionTest {
    private static final TransportAddress PLAIN = address("192.0.2.7:3478");

    private final SimulatedNetwork network = new SimulatedNetwork(8);
    private final ScriptedServer server = new ScriptedServer(network);

    private SimulatedHost behind(NatBehavior nat, String... publicAddresses) {
        String[] addresses = publicAddresses.length == 0 ? new String[] {"203.0.113.10"} : publicAddresses;
        return SimulatedNat.on(network.internet(), nat, addresses).inside().host("client", "192.168.7.2");
    }

    private static TransportAddress address(String text) {
        return TransportAddress.parse(text).orElseThrow();
    }

    private static String why(NatReport report) {
        return report.verdict().inconclusive().get(0).why();
    }

    @Test
    void errorFromTheOtherAddressGotThroughTheFilter() {
        server.refusingChanges();

        NatReport report = SimulatedDiscovery.run(network, behind(NatBehavior.fullCone()), A1P1);

        assertThat(report.verdict().filtering()).isEqualTo(FilteringBehavior.ENDPOINT_INDEPENDENT);
    }

    @Test
    void answerFromTheOtherAddressIsNoAddressDependentFilterThoughAnotherOneWasLost() {
        AtomicInteger farthest = new AtomicInteger();
        server.answeringFrom((asked, change) -> {
            boolean isFarthest = change.changeIp() && change.changePort();
            // F1 asks first, then K, and then F1 again and again.
            boolean lost = isFarthest && farthest.incrementAndGet() != 2;
            return lost ? Optional.empty() : Optional.of(ScriptedServer.changed(asked, change));
        });

        NatReport report = SimulatedDiscovery.run(network, behind(NatBehavior.fullCone()), A1P1);

        assertThat(report.verdict().filtering()).isEqualTo(FilteringBehavior.UNKNOWN);
        assertThat(why(report)).startsWith("an answer came from the other address");
    }

    @Test
    void serversBehindOneAddressWithOtherAlternatesProveNoFilter() {
        server.sayingLater(address("198.51.100.3:3479"))
                .answeringFrom((asked, change) ->
                        change.changeIp() ? Optional.empty() : Optional.of(ScriptedServer.changed(asked, change)));

        NatReport report = SimulatedDiscovery.run(network, behind(NatBehavior.fullCone()), A1P1);

        assertThat(report.servers().get(0).faults())
                .extracting(ServerFault::kind)
                .contains(ServerFault.Kind.OTHER_ADDRESS_CHANGES);
        assertThat(report.verdict().filtering()).isEqualTo(FilteringBehavior.UNKNOWN);
    }

    @Test
    void oneServerThatTellsAnotherMappingIsNotBelieved() {
        ScriptedServer.plain(network.internet().host("liar", "192.0.2.7")).seeing(seen -> address("192.0.2.99:9"));

        NatReport report = SimulatedDiscovery.run(network, behind(NatBehavior.fullCone()), A1P1, PLAIN);

        assertThat(report.verdict().natType()).isEqualTo(NatType.UNKNOWN);
        assertThat(why(report)).startsWith("inconsistent: several server addresses see 203.0.113.10:");
    }

    @Test
    void serverOnTheSameSideOfTheNatDoesNotMakeItLookSymmetric() {
        SimulatedNat nat = SimulatedNat.on(network.internet(), NatBehavior.fullCone(), "203.0.113.10");
        ScriptedServer.plain(nat.inside().host("neighbour", "192.168.7.5"));
        SimulatedHost client = nat.inside().host("client", "192.168.7.2");

        NatReport report = SimulatedDiscovery.run(network, client, A1P1, address("192.168.7.5:3478"));

        assertThat(report.verdict().natType()).isEqualTo(NatType.UNKNOWN);
        assertThat(why(report)).startsWith("the servers stand on different sides of a NAT");
    }

    @Test
    void udpAnswerFromAWrongSourceMeansThatUdpIsNotBlocked() {
        server.answeringFrom((asked, change) -> Optional.of(A2P2));
        ProbeServer asked = new ProbeServer(A1P1.toString(), A1P1);
        List<StreamCheck> tcp = List.of(new StreamCheck(
                asked,
                StreamCheck.Transport.TCP,
                StreamCheck.Result.ANSWERED,
                StreamCheck.Failure.NONE,
                Optional.empty(),
                ""));

        NatReport report = SimulatedDiscovery.run(network, behind(NatBehavior.fullCone()), tcp, A1P1);

        assertThat(report.verdict().natType()).isEqualTo(NatType.UNKNOWN);
        assertThat(why(report)).startsWith("UDP passes");
    }

    @Test
    void oneSilentServerIsNotMuchOfAProofThatUdpIsBlocked() {
        ProbeServer asked = new ProbeServer(A1P1.toString(), A1P1);
        List<StreamCheck> tcp = List.of(new StreamCheck(
                asked,
                StreamCheck.Transport.TCP,
                StreamCheck.Result.ANSWERED,
                StreamCheck.Failure.NONE,
                Optional.empty(),
                ""));

        NatReport report = SimulatedDiscovery.run(network, behind(NatBehavior.udpBlocked()), tcp, A1P1);

        assertThat(report.verdict().natType()).isEqualTo(NatType.UDP_BLOCKED);
        assertThat(report.verdict().caveats()).singleElement().asString().contains("may not serve UDP");
        assertThat(report.verdict().confidence()).isLessThanOrEqualTo(0.9);
    }

    @Test
    void twoNamesOfOneServerAreOneServer() {
        NatReport report =
                SimulatedDiscovery.run(network, behind(NatBehavior.fullCone()), A1P1, address("198.51.100.1:3479"));

        assertThat(report.verdict().caveats()).contains("only one server answered");
    }

    private enum Cone {
        FULL(NatBehavior.fullCone(), NatType.FULL_CONE),
        RESTRICTED(NatBehavior.restrictedCone(), NatType.RESTRICTED_CONE),
        PORT_RESTRICTED(NatBehavior.portRestrictedCone(), NatType.PORT_RESTRICTED_CONE);

        private final NatBehavior nat;
        private final NatType natType;

        Cone(NatBehavior nat, NatType natType) {
            this.nat = nat;
            this.natType = natType;
        }
    }

    @ParameterizedTest
    @EnumSource(Cone.class)
    void thirtyPercentLossEachWayIsHardlyEverMistaken(Cone cone) {
        int wrong = 0;
        int right = 0;
        for (int seed = 0; seed < 100; seed++) {
            SimulatedNetwork lossy = new SimulatedNetwork(seed);
            new ScriptedServer(lossy);
            SimulatedHost client = SimulatedNat.on(lossy.internet(), cone.nat, "203.0.113.10")
                    .inside()
                    .host("client", "192.168.7.2")
                    .link(Link.withLatency(Duration.ofMillis(10)).losing(0.3));

            NatType named =
                    SimulatedDiscovery.run(lossy, client, A1P1).verdict().natType();

            right += named == cone.natType ? 1 : 0;
            wrong += Set.of(cone.natType, NatType.UNKNOWN).contains(named) ? 0 : 1;
        }
        assertThat(wrong).isLessThanOrEqualTo(1);
        assertThat(right).isGreaterThanOrEqualTo(70);
    }

    @ParameterizedTest
    @EnumSource(Cone.class)
    void severalPublicAddressesUsedAtWillDoNotDeceive(Cone cone) {
        SimulatedHost client = behind(cone.nat.with(Pooling.ARBITRARY), "203.0.113.10", "203.0.113.11", "203.0.113.12");

        NatReport report = SimulatedDiscovery.run(network, client, A1P1);

        assertThat(report.verdict().natType()).isEqualTo(cone.natType);
        assertThat(report.ports().paired()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 50, 400, 1200})
    void shortLivedMappingsDoNotDeceive(int millis) {
        NatBehavior nat = NatBehavior.portRestrictedCone()
                .with(PortAssignment.random())
                .with(MappingLifetime.of(Duration.ofMillis(millis)));
        SimulatedHost client = behind(nat).link(Link.withLatency(Duration.ofMillis(10)));

        NatReport report = SimulatedDiscovery.run(network, client, A1P1);

        assertThat(report.verdict().natType()).isIn(NatType.UNKNOWN, NatType.PORT_RESTRICTED_CONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 25, 45, 65, 105, 305, 1505, 2505})
    void natThatForgetsAllMeanwhileDoesNotDeceive(int millis) {
        SimulatedNat nat = SimulatedNat.on(
                network.internet(), NatBehavior.restrictedCone().with(PortAssignment.random()), "203.0.113.10");
        SimulatedHost client = nat.inside().host("client", "192.168.7.2").link(Link.withLatency(Duration.ofMillis(10)));
        network.after(Duration.ofMillis(millis), nat::restart);

        NatReport report = SimulatedDiscovery.run(network, client, A1P1);

        assertThat(report.verdict().natType()).isIn(NatType.UNKNOWN, NatType.RESTRICTED_CONE);
    }

    @Test
    @Rfc("5780#5")
    void refusalOfChangedAnswersProvesNothing() {
        server.refusingChanges().answeringFrom((asked, change) -> Optional.of(asked));

        NatReport report = SimulatedDiscovery.run(network, behind(NatBehavior.portRestrictedCone()), A1P1);

        assertThat(report.servers().get(0).faults())
                .extracting(ServerFault::kind)
                .containsOnly(ServerFault.Kind.REFUSES_CHANGE_REQUEST);
        assertThat(report.verdict().filtering()).isEqualTo(FilteringBehavior.UNKNOWN);
    }

    @ParameterizedTest
    @EnumSource(Cone.class)
    @Rfc({"5780#4.4 (1)", "5780#4.4 (2)", "5780#4.4 (3)"})
    void conesAreToldApart(Cone cone) {
        NatReport report = SimulatedDiscovery.run(network, behind(cone.nat), A1P1);

        assertThat(report.verdict().natType()).isEqualTo(cone.natType);
    }

    @Test
    @Rfc("5780#4.3 (1)")
    void hostWithoutNatSeesItsOwnAddress() {
        SimulatedHost host = network.internet().host("host", "203.0.113.77");

        NatReport report = SimulatedDiscovery.run(network, host, A1P1);

        assertThat(report.verdict().mapping()).isEqualTo(MappingBehavior.NONE);
    }

    @Test
    @Rfc("8489#6.2")
    void oneServerIsNeverAskedMoreThanTenThingsAtATime() {
        AtomicInteger asked = new AtomicInteger();
        server.answeringFrom((to, change) -> asked.getAndIncrement() == 0 ? Optional.of(to) : Optional.empty());

        NatReport report = SimulatedDiscovery.run(network, behind(NatBehavior.fullCone()), A1P1);

        List<Evidence> waitingTogether = report.evidence().stream()
                .filter(evidence -> !evidence.answered() && !Set.of("P", "D").contains(evidence.test()))
                .toList();
        assertThat(waitingTogether).hasSizeBetween(8, 10);
    }
}
