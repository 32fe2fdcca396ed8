package dev.culvert.ice.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.ice.check.Finding.Result;
import dev.culvert.ice.check.PlantedServer.Fault;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Rfc;
import dev.culvert.testkit.nat.NatBehavior;
import dev.culvert.testkit.nat.SimulatedNat;
import dev.culvert.testkit.net.Link;
import dev.culvert.testkit.net.SimulatedHost;
import dev.culvert.testkit.net.SimulatedNetwork;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers with one fault each: it is found, and nothing else. */
class ServerCheckTest {
    private static final TransportAddress A1P1 =
            TransportAddress.parse("198.51.100.1:3478").orElseThrow();
    private static final TransportAddress A2P2 =
            TransportAddress.parse("198.51.100.2:3479").orElseThrow();

    private final SimulatedNetwork network = new SimulatedNetwork(11);

    private PlantedServer server(Fault... faults) {
        PlantedServer server = new PlantedServer(A1P1, A2P2, faults);
        SimulatedCheck.place(network, server);
        return server;
    }

    private ServerReport check() {
        return SimulatedCheck.run(network, network.internet().host("client", "203.0.113.77"), A1P1);
    }

    private static Map<Topic, Result> planted(Topic topic) {
        return Map.of(topic, Result.WRONG);
    }

    static Stream<Object[]> faults() {
        return Stream.of(
                new Object[] {Fault.OTHER_ADDRESS_STAYS, planted(Topic.ALTERNATES)},
                new Object[] {Fault.MAPPED_DIFFERS, planted(Topic.MAPPED_ADDRESS)},
                new Object[] {
                    Fault.IGNORES_CHANGE_REQUEST,
                    Map.of(
                            Topic.CHANGE_IP, Result.WRONG,
                            Topic.CHANGE_PORT, Result.WRONG,
                            Topic.CHANGE_IP_AND_PORT, Result.WRONG)
                },
                new Object[] {
                    Fault.REFUSES_CHANGE_REQUEST,
                    Map.of(
                            Topic.CHANGE_IP, Result.WRONG,
                            Topic.CHANGE_PORT, Result.WRONG,
                            Topic.CHANGE_IP_AND_PORT, Result.WRONG)
                },
                new Object[] {
                    Fault.SILENT_TO_CHANGE_REQUEST,
                    Map.of(
                            Topic.CHANGE_IP, Result.WRONG,
                            Topic.CHANGE_PORT, Result.WRONG,
                            Topic.CHANGE_IP_AND_PORT, Result.WRONG)
                },
                new Object[] {Fault.SILENT_ALTERNATE, planted(Topic.ALTERNATES)},
                new Object[] {Fault.WRONG_RESPONSE_ORIGIN, planted(Topic.RESPONSE_ORIGIN)},
                new Object[] {Fault.WRONG_FINGERPRINT, planted(Topic.FINGERPRINT)},
                new Object[] {Fault.OVERLOOKS_UNKNOWN_ATTRIBUTES, planted(Topic.UNKNOWN_ATTRIBUTES)},
                new Object[] {Fault.LISTS_NO_UNKNOWN_ATTRIBUTES, planted(Topic.UNKNOWN_ATTRIBUTES)},
                new Object[] {Fault.OVERLOOKS_RESPONSE_PORT, planted(Topic.RESPONSE_PORT)},
                new Object[] {Fault.OVERLOOKS_PADDING, planted(Topic.PADDING)},
                new Object[] {Fault.LONG_PADDING, planted(Topic.AMPLIFICATION)},
                new Object[] {Fault.CLASSIC_WITHOUT_MAPPED_ADDRESS, planted(Topic.CLASSIC)},
                new Object[] {Fault.CHALLENGE_WITHOUT_NONCE, planted(Topic.TURN)},
                new Object[] {Fault.RELAYS_FOR_EVERYONE, Map.of(Topic.TURN, Result.DANGEROUS)},
                new Object[] {Fault.PRIVATE_OTHER_ADDRESS, planted(Topic.OTHER_ADDRESS)},
                new Object[] {Fault.OTHER_ADDRESS_OF_ONE_IP, planted(Topic.OTHER_ADDRESS)});
    }

    @ParameterizedTest
    @MethodSource("faults")
    void plantedFaultIsFoundAndNothingElse(Fault fault, Map<Topic, Result> expected) {
        server(fault);

        ServerReport report = check();

        List<Finding> besides = report.faults().stream()
                .filter(finding -> expected.get(finding.topic()) != finding.result())
                // What a server does to CHANGE-REQUEST is judged by the OTHER-ADDRESS that it tells.
                .filter(finding ->
                        !expected.containsKey(Topic.OTHER_ADDRESS) || finding.topic() != Topic.CHANGE_IP_AND_PORT)
                .toList();
        assertThat(besides).isEmpty();
        expected.forEach((topic, result) -> assertThat(
                        report.finding(topic).orElseThrow().result())
                .as(topic.name())
                .isEqualTo(result));
    }

    @Test
    void serverWithoutFaultHasNone() {
        server();

        ServerReport report = check();

        assertThat(report.faults()).isEmpty();
        assertThat(report.findings())
                .allSatisfy(finding ->
                        assertThat(finding.result()).as(finding.toString()).isEqualTo(Result.YES));
        assertThat(report.standard()).isEqualTo(Standard.RFC8489);
        assertThat(report.finding(Topic.TURN).orElseThrow().detail())
                .isEqualTo("asks for credentials: realm planted.example, password algorithms SHA-256, MD5");
    }

    @Test
    void answerFromAWrongSourceIsNoAnswerButAFault() {
        server(Fault.WRONG_SOURCE, Fault.NO_TURN);

        ServerReport report = check();

        assertThat(report.faults()).extracting(Finding::topic).containsExactly(Topic.BINDING, Topic.RESPONSE_SOURCE);
        assertThat(report.finding(Topic.RESPONSE_SOURCE).orElseThrow().detail())
                .contains("asked at 198.51.100.1:3478, answered from 198.51.100.1:3479");
    }

    @Test
    @Rfc("5780#7.4")
    void privateOtherAddressIsNamed() {
        server(Fault.PRIVATE_OTHER_ADDRESS);

        ServerReport report = check();

        assertThat(report.finding(Topic.OTHER_ADDRESS).orElseThrow().detail()).contains("says 10.0.0.2:3479");
    }

    @Test
    void serverWithOneAddressIsNoFaultIfItRefusesChanges() {
        server(Fault.NO_OTHER_ADDRESS, Fault.OVERLOOKS_PADDING);

        ServerReport report = check();

        assertThat(report.finding(Topic.OTHER_ADDRESS).orElseThrow().result()).isEqualTo(Result.NO);
        assertThat(report.finding(Topic.CHANGE_IP_AND_PORT).orElseThrow().result())
                .isEqualTo(Result.NO);
    }

    @Test
    void serverWithOneAddressThatIgnoresChangeRequestMakesAllNatsLookLikeFullCones() {
        server(Fault.NO_OTHER_ADDRESS, Fault.IGNORES_CHANGE_REQUEST);

        ServerReport report = check();

        assertThat(report.finding(Topic.CHANGE_IP_AND_PORT).orElseThrow())
                .satisfies(finding -> assertThat(finding.result()).isEqualTo(Result.WRONG))
                .satisfies(finding -> assertThat(finding.detail()).contains("full cone"));
    }

    @Test
    void relayForEveryoneIsLeftWithoutAllocations() {
        PlantedServer server = server(Fault.RELAYS_FOR_EVERYONE);

        check();

        assertThat(server.allocations()).isZero();
    }

    @Test
    void amplificationCountsBytesOutForBytesIn() {
        server();

        ServerReport report = check();

        assertThat(report.amplification())
                .filteredOn(amplification -> amplification.request().equals("Binding"))
                .first()
                // A header, four addresses and SOFTWARE for a header.
                .satisfies(plain -> assertThat(plain.bytesSent()).isEqualTo(20))
                .satisfies(plain -> assertThat(plain.bytesReceived()).isEqualTo(20 + 4 * 12 + 4 + 8));
        assertThat(report.amplification())
                .filteredOn(amplification -> amplification.request().equals("Binding, receipt"))
                .first()
                .satisfies(receipt -> assertThat(receipt.factor()).isLessThanOrEqualTo(1));
    }

    @Test
    void silentServerIsToldAsSuch() {
        server(Fault.SILENT);

        ServerReport report = check();

        assertThat(report.answered()).isFalse();
        assertThat(report.faults()).isEmpty();
        assertThat(report.finding(Topic.BINDING).orElseThrow().result()).isEqualTo(Result.NO);
    }

    @Test
    void symmetricNatOnThisSideIsNotBlamedOnTheServer() {
        server();
        SimulatedHost client = SimulatedNat.on(network.internet(), NatBehavior.symmetricRandom(), "203.0.113.10")
                .inside()
                .host("client", "192.168.7.2");

        ServerReport report = SimulatedCheck.run(network, client, A1P1);

        assertThat(report.faults()).isEmpty();
        assertThat(report.finding(Topic.CHANGE_IP).orElseThrow().result()).isEqualTo(Result.UNKNOWN);
    }

    @Test
    void portRestrictedConeOnThisSideDoesNotHideWhatTheServerDoes() {
        server(Fault.SILENT_TO_CHANGE_REQUEST);
        SimulatedHost client = SimulatedNat.on(network.internet(), NatBehavior.portRestrictedCone(), "203.0.113.10")
                .inside()
                .host("client", "192.168.7.2");

        ServerReport report = SimulatedCheck.run(network, client, A1P1);

        assertThat(report.faults())
                .extracting(Finding::topic)
                .containsExactly(Topic.CHANGE_PORT, Topic.CHANGE_IP, Topic.CHANGE_IP_AND_PORT);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.3})
    void lossEachWayPlantsNoFault(double loss) {
        int deceived = 0;
        for (int seed = 0; seed < 100; seed++) {
            SimulatedNetwork lossy = new SimulatedNetwork(seed);
            SimulatedCheck.place(lossy, new PlantedServer(A1P1, A2P2));
            SimulatedHost client = lossy.internet()
                    .host("client", "203.0.113.77")
                    .link(Link.withLatency(Duration.ofMillis(10)).losing(loss));

            deceived += SimulatedCheck.run(lossy, client, A1P1).faults().isEmpty() ? 0 : 1;
        }
        assertThat(deceived).isLessThanOrEqualTo(1);
    }
}
