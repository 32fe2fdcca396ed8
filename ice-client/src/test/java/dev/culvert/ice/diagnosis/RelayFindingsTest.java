package dev.culvert.ice.diagnosis;

import static dev.culvert.ice.diagnosis.RelayFacts.Passage.FORBIDDEN;
import static dev.culvert.ice.diagnosis.RelayFacts.Passage.NOT_TRIED;
import static dev.culvert.ice.diagnosis.RelayFacts.Passage.PASSED;
import static dev.culvert.ice.diagnosis.RelayFacts.Passage.SILENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.TransportAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelayFindingsTest {
    private static final TransportAddress SERVER = address("198.51.100.5:3478");
    private static final TransportAddress RELAYED = address("198.51.100.5:50000");

    private static TransportAddress address(String text) {
        return TransportAddress.parse(text).orElseThrow();
    }

    private static RelayFacts facts(
            TransportAddress relayed, boolean overUdp, RelayFacts.Passage between, RelayFacts.Passage outside) {
        return new RelayFacts(SERVER, relayed, address("203.0.113.9:1").ip(), overUdp, between, outside, 0);
    }

    private static List<TurnFinding.Kind> kinds(RelayFacts facts) {
        return RelayFindings.of(facts).stream().map(TurnFinding::kind).toList();
    }

    @Test
    void relayThatWorksHasNoFindings() {
        assertThat(kinds(facts(RELAYED, true, PASSED, PASSED))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.5:50000", "192.168.1.5:50000", "127.0.0.1:50000", "100.64.0.1:50000"})
    void privateRelayedAddressIsAWrongExternalAddress(String relayed) {
        RelayFacts facts = facts(address(relayed), true, PASSED, SILENT);

        assertThat(kinds(facts)).containsExactly(TurnFinding.Kind.WRONG_EXTERNAL_ADDRESS);
        assertThat(RelayFindings.of(facts).get(0).text()).contains("--external-address", "external-ip");
    }

    @Test
    void privateServerMayRelayPrivately() {
        TransportAddress relayed = address("10.0.0.5:50000");
        RelayFacts facts = new RelayFacts(address("10.0.0.5:3478"), relayed, relayed.ip(), true, PASSED, PASSED, 0);

        assertThat(RelayFindings.of(facts)).isEmpty();
    }

    @Test
    void nothingThatPassesIsAClosedFirewall() {
        assertThat(kinds(facts(RELAYED, true, SILENT, SILENT))).containsExactly(TurnFinding.Kind.RELAY_PORTS_CLOSED);
        assertThat(kinds(facts(RELAYED, false, SILENT, NOT_TRIED)))
                .containsExactly(TurnFinding.Kind.RELAY_PORTS_CLOSED);
    }

    @Test
    void nothingThatPassesToAnotherPublicAddressMayBeThatAddress() {
        RelayFacts facts = facts(address("198.51.100.77:50000"), true, SILENT, SILENT);

        assertThat(RelayFindings.of(facts))
                .singleElement()
                .extracting(TurnFinding::text)
                .asString()
                .contains("198.51.100.77 is not the server's address");
    }

    @Test
    void relayThatOthersDoNotReachIsToldWhereUdpWorksFromHere() {
        assertThat(kinds(facts(RELAYED, true, PASSED, SILENT))).containsExactly(TurnFinding.Kind.CLOSED_TO_OTHERS);
        assertThat(kinds(facts(RELAYED, false, PASSED, SILENT))).isEmpty();
    }

    @Test
    void relayThatDoesNotReachItselfIsTold() {
        assertThat(kinds(facts(RELAYED, true, SILENT, PASSED))).containsExactly(TurnFinding.Kind.NO_WAY_TO_ITSELF);
    }

    @Test
    void relayThatForbidsItselfIsTold() {
        assertThat(kinds(facts(RELAYED, true, FORBIDDEN, PASSED))).containsExactly(TurnFinding.Kind.RELAY_FORBIDDEN);
        assertThat(kinds(facts(RELAYED, true, FORBIDDEN, SILENT)))
                .containsExactly(TurnFinding.Kind.RELAY_PORTS_CLOSED, TurnFinding.Kind.RELAY_FORBIDDEN);
    }

    @Test
    void lossIsToldWhereItMatters() {
        RelayFacts little = new RelayFacts(SERVER, RELAYED, SERVER.ip(), true, PASSED, PASSED, 0.01);
        RelayFacts much = new RelayFacts(SERVER, RELAYED, SERVER.ip(), true, PASSED, PASSED, 0.05);

        assertThat(RelayFindings.of(little)).isEmpty();
        assertThat(RelayFindings.of(much))
                .singleElement()
                .satisfies(finding -> assertThat(finding.text()).startsWith("5.0 % of the round trips are lost"));
    }
}
