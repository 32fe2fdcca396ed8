package dev.culvert.ice.portmap;

import static dev.culvert.ice.portmap.MappingProtocol.UPNP_IGD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is particular to UPnP gateways, and what hostile ones might try. */
class UpnpTest {
    private static final MappingRequest UDP_5000 = MappingRequest.of(PortProtocol.UDP, 5000);
    private static final Duration A_WHILE = Duration.ofSeconds(20);

    @Test
    void aGatewayThatKnowsNoLeasesGetsAPermanentMappingWhichIsRemovedAtTheEnd() {
        ScriptedRouter router = new ScriptedRouter(UPNP_IGD).started();
        router.upnpErrors.put("AddPortMapping", List.of(725));

        router.map(UDP_5000);
        router.pass(A_WHILE);

        assertThat(router.mapper.mappings()).singleElement().matches(PortMapping::isPermanent);
        assertThat(router.calls("AddPortMapping"))
                .extracting(call -> ScriptedRouter.value(call, "NewLeaseDuration"))
                .containsExactly("7200", "0");
        router.mapper.close(router.clock.nowNanos());
        router.pass(A_WHILE);
        assertThat(router.table).isEmpty();
    }

    @Test
    void aPermanentMappingIsMadeAgainFromTimeToTime() {
        ScriptedRouter router = new ScriptedRouter(UPNP_IGD).started();
        router.upnpErrors.put("AddPortMapping", List.of(725));
        router.map(UDP_5000);
        router.pass(A_WHILE);

        router.restart();
        router.pass(Duration.ofMinutes(40));

        assertThat(router.table).containsOnlyKeys("UDP 5000");
    }

    @Test
    void whereThePortBelongsToAnotherHostOthersAreTried() {
        ScriptedRouter router = new ScriptedRouter(UPNP_IGD).started();
        router.upnpErrors.put("AddPortMapping", List.of(718, 718));

        router.map(UDP_5000);
        router.pass(A_WHILE);

        assertThat(router.table.get("UDP 5000")).isNotEqualTo(5000).isBetween(1024, 65535);
    }

    @Test
    void aConflictThatDoesNotEndIsToldInWords() {
        ScriptedRouter router = new ScriptedRouter(UPNP_IGD).started();
        router.upnpErrors.put("AddPortMapping", List.of(718, 718, 718, 718, 718, 718, 718));

        router.map(UDP_5000);
        router.pass(A_WHILE);

        MappingFailure failure =
                router.eventsOf(PortMapEvent.Failed.class).get(0).failures().get(2);
        assertThat(failure.text())
                .isEqualTo("UPnP IGD: error 718 Nay: the port outside belongs to somebody else; ask for another one");
        assertThat(router.calls("AddPortMapping")).hasSize(5);
    }

    @Test
    void aGatewayOfVersionTwoPicksThePortItself() {
        ScriptedRouter router = new ScriptedRouter(UPNP_IGD);
        router.description = ScriptedRouter.description("ctl", "WANIPConnection:2");
        router.started();

        router.map(UDP_5000);
        router.pass(A_WHILE);

        assertThat(router.mapper.mappings().get(0).external().port()).isEqualTo(40_001);
        assertThat(router.calls.get(1).path()).isEqualTo("/ctl");
        router.pass(Duration.ofMinutes(80));
        assertThat(ScriptedRouter.value(router.calls("AddPortMapping").get(0), "NewExternalPort"))
                .as("the renewal")
                .isEqualTo("40001");
    }

    @Test
    void aPppGatewayWillDo() {
        ScriptedRouter router = new ScriptedRouter(UPNP_IGD);
        router.description = ScriptedRouter.description("/ctl", "WANPPPConnection:1");
        router.started();

        router.map(UDP_5000);
        router.pass(A_WHILE);

        assertThat(router.calls("AddPortMapping").get(0).soapAction())
                .isEqualTo("\"urn:schemas-upnp-org:service:WANPPPConnection:1#AddPortMapping\"");
    }

    @Test
    void aMappingThatIsGoneCountsAsRemoved() {
        ScriptedRouter router = new ScriptedRouter(UPNP_IGD).started();
        MappingId id = router.map(UDP_5000);
        router.pass(A_WHILE);
        router.upnpErrors.put("DeletePortMapping", List.of(714));

        router.mapper.unmap(id, router.clock.nowNanos());
        router.pass(A_WHILE);

        assertThat(router.eventsOf(PortMapEvent.Removed.class)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://203.0.113.66:80/root.xml",
                "http://router.example/root.xml",
                "https://192.168.7.1/root.xml",
                "file:///etc/passwd",
                "http://192.168.7.1:99999/",
                "http://[::1]/",
                "no url at all"
            })
    void aDescriptionElsewhereIsNotRead(String location) {
        ScriptedRouter router = new ScriptedRouter(UPNP_IGD);
        router.location = location;

        router.started().pass(A_WHILE);

        assertThat(router.calls).isEmpty();
    }

    @Test
    void answersFromBeyondTheLinkAreNotBelieved() {
        ScriptedRouter router = new ScriptedRouter().started();

        router.from(
                TransportAddress.parse("203.0.113.66:1900").orElseThrow(),
                ScriptedRouter.ssdp("http://192.168.7.1:5000/root.xml"));
        router.pass(A_WHILE);

        assertThat(router.calls).isEmpty();
    }

    @Test
    void anotherHostOfTheLinkIsAskedOnlyWhereTheRouterIsNoGateway() {
        ScriptedRouter router = new ScriptedRouter().started();
        TransportAddress neighbour = TransportAddress.parse("192.168.7.3:1900").orElseThrow();

        router.from(neighbour, ScriptedRouter.ssdp("http://192.168.7.3:5000/root.xml"));
        router.pass(Duration.ofSeconds(2));
        assertThat(router.calls).isEmpty();
        router.pass(Duration.ofSeconds(2));

        assertThat(router.calls.get(0).server()).hasToString("192.168.7.3:5000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://203.0.113.66/ctl", "http://192.168.7.3/ctl", "//203.0.113.66/ctl", "ftp://x/"})
    void aControlUrlOnAnotherHostIsNotUsed(String controlUrl) {
        byte[] document =
                ScriptedRouter.description(controlUrl, "WANIPConnection:1").getBytes(StandardCharsets.UTF_8);

        Optional<GatewayDescription> description = GatewayDescription.parse(
                document, Ssdp.location("http://192.168.7.1:5000/root.xml").orElseThrow());

        assertThat(description).isEmpty();
    }

    @Test
    void documentTypesAndEntitiesAreRefused() {
        for (String hostile : List.of(
                "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
                "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a><b>&x;</b></a>",
                "<!DOCTYPE a [<!ENTITY x \"y\"><!ENTITY z \"&x;&x;\">]><a><b>&z;</b></a>",
                "<a><b>&x;</b></a>")) {
            assertThat(leaves(hostile)).as(hostile).isEmpty();
        }
    }

    @Test
    void documentsThatAreTooDeepTooWideTooLongOrBrokenAreRefused() {
        assertThat(leaves("<a>".repeat(33) + "</a>".repeat(33))).isEmpty();
        assertThat(leaves("<a>" + "<b/>".repeat(4096) + "</a>")).isEmpty();
        assertThat(leaves("<a>" + "x".repeat(1025) + "</a>")).isEmpty();
        assertThat(leaves("<a>" + " ".repeat(1 << 17) + "</a>")).isEmpty();
        assertThat(leaves("<a><b></a>")).isEmpty();
        assertThat(leaves("")).isEmpty();
        assertThat(leaves("<a>" + " ".repeat(5000) + "<b>1</b></a>")).isPresent();
    }

    @Test
    void namesOfTheRouterCannotChangeATerminal() {
        ScriptedRouter router = new ScriptedRouter(UPNP_IGD);
        router.description = router.description.replace("Box 7", "\u009b31m\u202e" + "B".repeat(200));

        router.started().pass(A_WHILE);

        assertThat(router.mapper.report().description()).hasSize(80).doesNotContain("\u009b", "\u202e");
    }

    @Test
    void aGatewayWithoutAddressOutsideIsOfferedButMapsNothing() {
        ScriptedRouter router = new ScriptedRouter(UPNP_IGD);
        router.wan = IpAddress.v4(0);
        router.started();

        router.map(UDP_5000);
        router.pass(A_WHILE);

        assertThat(router.mapper.report().isAnyOffered()).isTrue();
        assertThat(router.eventsOf(PortMapEvent.Failed.class)
                        .get(0)
                        .failures()
                        .get(2)
                        .kind())
                .isEqualTo(MappingFailure.Kind.NETWORK_FAILURE);
        assertThat(router.table).isEmpty();
    }

    private static Optional<List<BoundedXml.Leaf>> leaves(String document) {
        return BoundedXml.leaves(document.getBytes(StandardCharsets.UTF_8));
    }
}
