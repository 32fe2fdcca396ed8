package dev.culvert.ice.nat;

import static dev.culvert.ice.nat.ScriptedServer.A1P1;
import static dev.culvert.ice.nat.ScriptedServer.A2P2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Rfc;
import dev.culvert.testkit.nat.NatBehavior;
import dev.culvert.testkit.nat.PortAssignment;
import dev.culvert.testkit.nat.SimulatedNat;
import dev.culvert.testkit.net.Link;
import dev.culvert.testkit.net.SimulatedHost;
import dev.culvert.testkit.net.SimulatedNetwork;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NatDiscoveryTest {
    private final SimulatedNetwork network = new SimulatedNetwork(3);
    private final ScriptedServer server = new ScriptedServer(network);

    private SimulatedHost behind(NatBehavior nat) {
        return SimulatedNat.on(network.internet(), nat, "203.0.113.10").inside().host("client", "192.168.7.2");
    }

    private static List<ServerFault.Kind> faults(NatReport report) {
        return report.servers().get(0).faults().stream()
                .map(ServerFault::kind)
                .distinct()
                .toList();
    }

    private static TransportAddress address(String text) {
        return TransportAddress.parse(text).orElseThrow();
    }

    @Test
    @Rfc({"5780#4.3 (2)", "5780#4.4 (3)"})
    void rightServerAndPortRestrictedConeAreProven() {
        NatReport report = SimulatedDiscovery.run(network, behind(NatBehavior.portRestrictedCone()), A1P1);

        assertThat(report.verdict().natType()).isEqualTo(NatType.PORT_RESTRICTED_CONE);
        assertThat(report.verdict().inconclusive()).isEmpty();
        assertThat(report.servers().get(0).behaviorDiscovery()).isTrue();
        assertThat(faults(report)).isEmpty();
    }

    @Test
    @Rfc("3489#11.2.3")
    void classicServerServesAsWell() {
        server.classic();

        NatReport report = SimulatedDiscovery.run(network, behind(NatBehavior.restrictedCone()), A1P1);

        assertThat(report.verdict().natType()).isEqualTo(NatType.RESTRICTED_CONE);
    }

    @Test
    void serverThatIgnoresChangeRequestIsNamedAndProvesNothing() {
        server.answeringFrom((asked, change) -> Optional.of(asked));

        NatReport report = SimulatedDiscovery.run(network, behind(NatBehavior.portRestrictedCone()), A1P1);

        assertThat(report.verdict().natType()).isEqualTo(NatType.UNKNOWN);
        assertThat(report.verdict().mapping()).isEqualTo(MappingBehavior.ENDPOINT_INDEPENDENT);
        assertThat(report.verdict().filtering()).isEqualTo(FilteringBehavior.UNKNOWN);
        assertThat(faults(report)).containsExactly(ServerFault.Kind.IGNORES_CHANGE_REQUEST);
        assertThat(report.servers().get(0).behaviorDiscovery()).isFalse();
    }

    @Test
    void serverThatDropsChangedAnswersProvesNothing() {
        server.answeringFrom(
                (asked, change) -> change.changeIp() || change.changePort() ? Optional.empty() : Optional.of(asked));

        NatReport report = SimulatedDiscovery.run(network, behind(NatBehavior.fullCone()), A1P1);

        assertThat(report.verdict().filtering()).isEqualTo(FilteringBehavior.UNKNOWN);
        assertThat(report.verdict().natType()).isEqualTo(NatType.UNKNOWN);
        assertThat(report.verdict().inconclusive())
                .extracting(Inconclusive::what)
                .containsExactly("filtering");
    }

    @Test
    void serverThatCannotChangeItsPortAloneDoesNotMakeAFilterLookStricter() {
        server.answeringFrom((asked, change) -> change.changePort() && !change.changeIp()
                ? Optional.empty()
                : Optional.of(ScriptedServer.changed(asked, change)));

        NatReport report = SimulatedDiscovery.run(network, behind(NatBehavior.restrictedCone()), A1P1);

        assertThat(report.verdict().filtering()).isEqualTo(FilteringBehavior.UNKNOWN);
    }

    @Test
    void changedAnswerFromAnUnannouncedAddressIsTheServersFault() {
        server.answeringFrom((asked, change) -> change.changeIp() && change.changePort()
                ? Optional.of(new TransportAddress(asked.ip(), 3479))
                : Optional.of(ScriptedServer.changed(asked, change)));

        NatReport report = SimulatedDiscovery.run(network, behind(NatBehavior.fullCone()), A1P1);

        assertThat(faults(report)).containsExactly(ServerFault.Kind.WRONG_SOURCE);
        assertThat(report.verdict().natType()).isEqualTo(NatType.UNKNOWN);
    }

    @Test
    void plainAnswerFromElsewhereDoesNotCount() {
        server.answeringFrom((asked, change) -> Optional.of(A2P2));

        NatReport report = SimulatedDiscovery.run(network, behind(NatBehavior.fullCone()), A1P1);

        assertThat(faults(report)).containsExactly(ServerFault.Kind.WRONG_SOURCE);
        assertThat(report.external()).isEmpty();
        assertThat(report.verdict().natType()).isEqualTo(NatType.UNKNOWN);
    }

    @Test
    @Rfc("5780#7.4")
    void otherAddressWithTheSamePortIsRefused() {
        server.saying(address("198.51.100.2:3478"));

        NatReport report = SimulatedDiscovery.run(network, behind(NatBehavior.fullCone()), A1P1);

        assertThat(faults(report)).containsExactly(ServerFault.Kind.OTHER_ADDRESS_NOT_OTHER);
        assertThat(report.verdict().inconclusive())
                .extracting(Inconclusive::what)
                .containsExactly("mapping", "filtering");
    }

    @Test
    void otherAddressOfAnotherFamilyIsRefused() {
        server.saying(address("[2001:db8::2]:3479"));

        NatReport report = SimulatedDiscovery.run(network, behind(NatBehavior.fullCone()), A1P1);

        assertThat(faults(report)).containsExactly(ServerFault.Kind.OTHER_ADDRESS_WRONG_FAMILY);
    }

    @Test
    void privateOtherAddressOfAPublicServerIsRefused() {
        server.saying(address("10.0.0.2:3479"));

        NatReport report = SimulatedDiscovery.run(network, behind(NatBehavior.fullCone()), A1P1);

        assertThat(faults(report)).containsExactly(ServerFault.Kind.OTHER_ADDRESS_NOT_PUBLIC);
        assertThat(network.trace().toString()).doesNotContain("10.0.0.2");
    }

    @Test
    void otherAddressThatNobodyAnswersAtIsNamed() {
        server.saying(address("198.51.100.77:3479"));

        NatReport report = SimulatedDiscovery.run(network, behind(NatBehavior.fullCone()), A1P1);

        assertThat(faults(report)).contains(ServerFault.Kind.ALTERNATE_SILENT);
        assertThat(report.verdict().natType()).isEqualTo(NatType.UNKNOWN);
    }

    @Test
    @Rfc("8489#6.3.3 (2)")
    void answerWithoutMappedAddressIsNamed() {
        server.withoutMappedAddress().saying(null);

        NatReport report = SimulatedDiscovery.run(network, behind(NatBehavior.fullCone()), A1P1);

        assertThat(faults(report)).containsExactly(ServerFault.Kind.NO_MAPPED_ADDRESS);
        assertThat(report.verdict().natType()).isEqualTo(NatType.UNKNOWN);
    }

    @Test
    @Rfc("5780#4.3 (5)")
    void withoutSecondAddressTheFilteringIsNotMeasurable() {
        server.saying(null);

        NatReport report = SimulatedDiscovery.run(
                network, behind(NatBehavior.portRestrictedCone()), A1P1, address("198.51.100.2:3478"));

        assertThat(report.verdict().mapping()).isEqualTo(MappingBehavior.ENDPOINT_INDEPENDENT);
        assertThat(report.verdict().inconclusive()).hasSize(1);
        assertThat(report.verdict().inconclusive().get(0).why()).startsWith("not measurable with these servers");
    }

    @Test
    void severalMappingsAreSymmetricThoughItIsNotKnownWhatTheyDependOn() {
        server.saying(null);

        NatReport report = SimulatedDiscovery.run(
                network, behind(NatBehavior.symmetricRandom()), A1P1, address("198.51.100.2:3478"));

        assertThat(report.verdict().natType()).isEqualTo(NatType.SYMMETRIC);
        assertThat(report.verdict().mapping()).isEqualTo(MappingBehavior.UNKNOWN);
    }

    @Test
    void oneAddressAloneProvesNoMapping() {
        server.saying(null);

        NatReport report = SimulatedDiscovery.run(network, behind(NatBehavior.fullCone()), A1P1);

        assertThat(report.verdict().mapping()).isEqualTo(MappingBehavior.UNKNOWN);
        assertThat(report.external()).hasSize(1);
    }

    @Test
    void symmetricNatLeavesTheFilteringOpenWithoutReceipts() {
        NatReport report = SimulatedDiscovery.run(network, behind(NatBehavior.symmetricRandom()), A1P1);

        assertThat(report.verdict().natType()).isEqualTo(NatType.SYMMETRIC);
        assertThat(report.verdict().mapping()).isEqualTo(MappingBehavior.ADDRESS_AND_PORT_DEPENDENT);
        assertThat(report.verdict().filtering()).isEqualTo(FilteringBehavior.UNKNOWN);
    }

    @Test
    @Rfc("5780#4.2")
    void silenceOfAllServersProvesNothingUnlessTcpReachesThem() {
        SimulatedHost client = behind(NatBehavior.udpBlocked());
        ProbeServer asked = new ProbeServer(A1P1.toString(), A1P1);

        NatReport refused = SimulatedDiscovery.run(network, client, check(asked, StreamCheck.Result.FAILED), A1P1);
        NatReport answered = SimulatedDiscovery.run(network, client, check(asked, StreamCheck.Result.ANSWERED), A1P1);

        List<StreamCheck> tls = List.of(new StreamCheck(
                asked,
                StreamCheck.Transport.TLS,
                StreamCheck.Result.ANSWERED,
                StreamCheck.Failure.NONE,
                Optional.empty(),
                ""));
        NatReport answeredOverTls = SimulatedDiscovery.run(network, client, tls, A1P1);

        assertThat(refused.verdict().natType()).isEqualTo(NatType.UNKNOWN);
        assertThat(answeredOverTls.verdict().natType()).isEqualTo(NatType.UNKNOWN);
        assertThat(answered.verdict().natType()).isEqualTo(NatType.UDP_BLOCKED);
    }

    private static List<StreamCheck> check(ProbeServer server, StreamCheck.Result result) {
        return List.of(new StreamCheck(
                server, StreamCheck.Transport.TCP, result, StreamCheck.Failure.NONE, Optional.empty(), ""));
    }

    @Test
    void mappingThatChangesMeanwhileIsInconsistent() {
        SimulatedNat nat = SimulatedNat.on(
                network.internet(), NatBehavior.portRestrictedCone().with(PortAssignment.random()), "203.0.113.10");
        SimulatedHost client = nat.inside().host("client", "192.168.7.2");
        network.after(Duration.ofSeconds(1), nat::restart);

        NatReport report = SimulatedDiscovery.run(network, client, A1P1);

        assertThat(report.verdict().mapping()).isEqualTo(MappingBehavior.UNKNOWN);
        assertThat(report.verdict().inconclusive().get(0).why()).startsWith("inconsistent");
    }

    @Test
    void lossIsMeasuredAndLowersTheConfidence() {
        SimulatedHost client = behind(NatBehavior.portRestrictedCone());
        NatReport clean = SimulatedDiscovery.run(network, client, A1P1);
        client.link(Link.ideal().losing(0.2));
        NatReport lossy = SimulatedDiscovery.run(network, client, A1P1);

        assertThat(clean.loss()).isZero();
        assertThat(lossy.loss()).isBetween(0.1, 0.6);
        assertThat(clean.verdict().confidence()).isEqualTo(0.9);
        assertThat(clean.verdict().caveats()).containsExactly("only one server answered");
    }

    @Test
    void takesUnderThreeSecondsWhereNothingIsLost() {
        SimulatedHost client = behind(NatBehavior.portRestrictedCone());
        long startNanos = network.nowNanos();

        SimulatedDiscovery.run(network, client, A1P1);

        assertThat(Duration.ofNanos(network.nowNanos() - startNanos)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    @Rfc({"5780#4.1", "5780#4.5"})
    void mappingSocketNeverAsksForAChangedAnswer() {
        NatReport report = SimulatedDiscovery.run(network, behind(NatBehavior.fullCone()), A1P1);

        List<Integer> mappingPorts = ports(report, "M", "D", "P");
        List<Integer> changedPorts = report.evidence().stream()
                .filter(evidence -> !evidence.change().isEmpty())
                .map(Evidence::localPort)
                .toList();
        assertThat(changedPorts).hasSize(5).doesNotHaveDuplicates().doesNotContainAnyElementsOf(mappingPorts);
    }

    private static List<Integer> ports(NatReport report, String... tests) {
        return report.evidence().stream()
                .filter(evidence -> List.of(tests).contains(evidence.test()))
                .map(Evidence::localPort)
                .distinct()
                .toList();
    }

    @Test
    void portSamplesTellTheAssignment() {
        NatReport sequential = SimulatedDiscovery.run(
                network,
                SimulatedNat.on(
                                network.internet(),
                                NatBehavior.portRestrictedCone().with(PortAssignment.sequential(2)),
                                "203.0.113.11")
                        .inside()
                        .host("sequential", "192.168.8.2"),
                A1P1);
        NatReport preserving = SimulatedDiscovery.run(network, behind(NatBehavior.portRestrictedCone()), A1P1);

        assertThat(sequential.ports().delta()).hasValue(2);
        assertThat(sequential.ports().preservation()).isFalse();
        assertThat(preserving.ports().preservation()).isTrue();
        assertThat(preserving.ports().samples()).hasSize(8);
        assertThat(preserving.ports().paired()).isTrue();
    }

    @Test
    void addressesOfACarrierAreHintsOfADoubleNat() {
        SimulatedNat carrier = SimulatedNat.on(network.internet(), NatBehavior.fullCone(), "203.0.113.10");
        SimulatedHost client = carrier.inside().host("client", "100.64.0.9");

        NatReport report = SimulatedDiscovery.run(network, client, A1P1);

        assertThat(report.hints()).singleElement().asString().contains("100.64.0.9");
    }
}
