package dev.culvert.ice.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.ice.gather.AddressPolicy;
import dev.culvert.ice.gather.Candidate;
import dev.culvert.ice.gather.CandidateType;
import dev.culvert.ice.gather.GatherEvent;
import dev.culvert.ice.portmap.MappingFailure;
import dev.culvert.ice.portmap.MappingProtocol;
import dev.culvert.ice.portmap.MappingRequest;
import dev.culvert.ice.portmap.PortMapping;
import dev.culvert.ice.portmap.PortProtocol;
import dev.culvert.ice.portmap.RouterReport;
import dev.culvert.stun.IpAddress;
import dev.culvert.testkit.Requirements;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.datagram.DatagramSocketOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Real sockets on the loopback interface, with a router on an address of its own. */
class PortMappingsTest {
    private static final MappingRequest UDP_5000 = MappingRequest.of(PortProtocol.UDP, 5000);

    private final Vertx vertx = Vertx.vertx();
    private final List<String> removed = Collections.synchronizedList(new ArrayList<>());

    @BeforeAll
    static void everyLoopbackAddressWorks() {
        Requirements.linux();
    }

    @AfterEach
    void stop() throws Exception {
        get(vertx.close());
    }

    @Test
    void mapsAPortOnceAndRemovesItAtTheEnd() throws Exception {
        startNatPmpRouter("127.0.0.81");
        PortMappings mappings = open("127.0.0.81");

        Future<PortMapping> first = mappings.map(UDP_5000);
        PortMapping mapping = get(first);
        PortMapping again = get(mappings.map(UDP_5000));

        assertThat(mapping.external()).hasToString("198.51.100.9:5000");
        assertThat(mapping.via()).isEqualTo(MappingProtocol.NAT_PMP);
        assertThat(again).isSameAs(mapping);

        get(mappings.close());
        get(mappings.close());

        assertThat(removed).containsExactly("5000");
        assertThatThrownBy(() -> get(mappings.map(UDP_5000))).hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRemovedPortCanBeMappedAgain() throws Exception {
        startNatPmpRouter("127.0.0.82");
        PortMappings mappings = open("127.0.0.82");
        get(mappings.map(UDP_5000));

        get(mappings.unmap(PortProtocol.UDP, 5000));

        assertThat(removed).containsExactly("5000");
        assertThat(get(mappings.map(UDP_5000)).external().port()).isEqualTo(5000);
        get(mappings.close());
    }

    @Test
    void aSilentRouterIsAFailureInOneLine() throws Exception {
        PortMappings mappings = open("127.0.0.83");

        Future<PortMapping> mapping = mappings.map(UDP_5000);

        assertThatThrownBy(() -> get(mapping))
                .cause()
                .isInstanceOf(PortMappingException.class)
                .hasMessageStartingWith(
                        "the router did not map UDP port 5000: PCP, NAT-PMP, UPnP IGD: no answer from the router; ");
        assertThat(get(mappings.settled()).isAnyOffered()).isFalse();
        get(mappings.close());
    }

    @Test
    void candidatesGetTheirMappedAddresses() throws Exception {
        startNatPmpRouter("127.0.0.84");
        List<GatherEvent> events = Collections.synchronizedList(new ArrayList<>());
        IceGathering gathering =
                IceGathering.start(vertx, mappedBy("127.0.0.84").build(), events::add);

        List<Candidate> candidates = get(gathering.complete());
        gathering.close();
        get(gathering.closed());

        int port = candidates.get(0).address().port();
        assertThat(candidates).extracting(Candidate::type).containsExactly(CandidateType.HOST, CandidateType.SRFLX);
        assertThat(candidates.get(1).address()).hasToString("198.51.100.9:" + port);
        assertThat(removed).containsExactly(Integer.toString(port));
        assertThat(events).extracting(GatherEvent::getClass).contains(GatherEvent.FirstUsable.class);
    }

    @Test
    void aSilentRouterIsAFailureOfItsSourceAlone() throws Exception {
        List<GatherEvent> events = Collections.synchronizedList(new ArrayList<>());
        IceGathering gathering =
                IceGathering.start(vertx, mappedBy("127.0.0.87").build(), events::add);

        List<Candidate> candidates = get(gathering.complete());
        gathering.close();
        get(gathering.closed());

        assertThat(candidates).extracting(Candidate::type).containsExactly(CandidateType.HOST);
        assertThat(events)
                .filteredOn(GatherEvent.Failed.class::isInstance)
                .singleElement()
                .satisfies(event -> assertThat(GatherFailureText.of(((GatherEvent.Failed) event).failure()))
                        .contains("PCP, NAT-PMP, UPnP IGD: no answer from the router"));
    }

    @Test
    void gatheringEndsWhileTheRouterIsStillAsked() throws Exception {
        IceGathering gathering =
                IceGathering.start(vertx, mappedBy("127.0.0.88").build(), event -> {});
        get(gathering.candidates());

        gathering.close();
        get(gathering.closed());

        assertThat(gathering.complete().failed()).isTrue();
    }

    private IceGatheringOptions.Builder mappedBy(String router) {
        return IceGatheringOptions.builder()
                .mapping(new RouterMappings(vertx, options(router)))
                .gather(core -> core.addresses(AddressPolicy.all()
                        .withDangerLoopback()
                        .withFilter((owner, address) -> address.ip().toString().equals("127.0.0.1"))));
    }

    @Test
    void aUpnpGatewayIsReadOverHttp() throws Exception {
        startUpnpGateway("127.0.0.85", "");
        PortMappings mappings = open("127.0.0.85");

        RouterReport report = get(mappings.settled());

        assertThat(report.description()).isEqualTo("ACME Box 7");
        assertThat(report.external()).contains(IpAddress.parse("198.51.100.9").orElseThrow());
        get(mappings.close());
    }

    @Test
    void aDescriptionThatDoesNotEndIsNotRead() throws Exception {
        startUpnpGateway("127.0.0.86", " ".repeat(1 << 20));
        PortMappings mappings = open("127.0.0.86");

        RouterReport report = get(mappings.settled());

        assertThat(report.protocols().get(2).failure())
                .hasValueSatisfying(
                        failure -> assertThat(failure.kind()).isEqualTo(MappingFailure.Kind.UNUSABLE_ANSWER));
        get(mappings.close());
    }

    private PortMappings open(String router) throws Exception {
        return get(PortMappings.open(vertx, options(router)));
    }

    private static PortMappingOptions options(String router) {
        return PortMappingOptions.defaults().withGateway(IpAddress.parse(router).orElseThrow());
    }

    private void startNatPmpRouter(String address) throws Exception {
        get(NatPmpRouter.start(vertx, address, removed::add));
    }

    private void startUpnpGateway(String address, String ballast) throws Exception {
        String description = "<root><device><manufacturer>ACME</manufacturer><modelName>Box 7</modelName><serviceList>"
                + "<service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType>"
                + "<controlURL>/ctl</controlURL></service></serviceList></device>" + ballast + "</root>";
        String external =
                "<e:Envelope xmlns:e=\"x\"><NewExternalIPAddress>198.51.100.9</NewExternalIPAddress></e:Envelope>";
        int port = get(vertx.createHttpServer()
                        .requestHandler(request ->
                                request.response().end("/ctl".equals(request.path()) ? external : description))
                        .listen(0, address))
                .actualPort();
        DatagramSocket ssdp = vertx.createDatagramSocket(new DatagramSocketOptions());
        ssdp.handler(packet -> ssdp.send(
                "HTTP/1.1 200 OK\r\nST: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\nLOCATION: http://"
                        + address + ":" + port + "/root.xml\r\n\r\n",
                packet.sender().port(),
                packet.sender().hostAddress()));
        get(ssdp.listen(1900, address));
    }

    private static <T> T get(Future<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
