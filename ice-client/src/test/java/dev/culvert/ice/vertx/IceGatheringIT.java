package dev.culvert.ice.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.ice.gather.AddressPolicy;
import dev.culvert.ice.gather.Candidate;
import dev.culvert.ice.gather.CandidateType;
import dev.culvert.ice.gather.GatherEvent;
import dev.culvert.ice.gather.GatherFailure;
import dev.culvert.ice.gather.LocalAddress;
import dev.culvert.ice.gather.LocalInterface;
import dev.culvert.ice.turn.Coturn;
import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.StunUri;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Requirements;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gathering against coturn, a server that others wrote, on the loopback interface. */
class IceGatheringIT {
    private final Vertx vertx = Vertx.vertx();
    private final List<GatherEvent> events = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder;

    @BeforeEach
    void coturnIsThere() {
        Requirements.command("turnserver");
    }

    @AfterEach
    void closeVertx() {
        vertx.close().await();
    }

    @Test
    void relaysOverUdpAndTcpAreGatheredUsedAndGivenBack() throws Exception {
        try (Coturn coturn = Coturn.start(folder)) {
            IceGathering gathering = IceGathering.start(
                    vertx,
                    loopback()
                            .stun(uri("stun", coturn, ""))
                            .turn(uri("turn", coturn, ""), Coturn.USER)
                            .turn(uri("turn", coturn, "?transport=tcp"), Coturn.USER)
                            .build(),
                    events::add);
            List<String> received = new CopyOnWriteArrayList<>();
            gathering.dataHandler(
                    (local, from, data) -> received.add(local.type() + " " + StandardCharsets.UTF_8.decode(data)));

            List<Candidate> candidates = gathering.complete().await();

            assertThat(candidates)
                    .extracting(Candidate::type)
                    .containsExactlyInAnyOrder(CandidateType.HOST, CandidateType.RELAY, CandidateType.RELAY);
            Candidate host = of(candidates, CandidateType.HOST);
            for (Candidate relayed : candidates) {
                if (relayed.type() == CandidateType.RELAY) {
                    gathering.permit(relayed, address(host).ip()).await();
                    gathering
                            .send(host, address(relayed), bytes("to the relay"))
                            .await();
                    gathering
                            .send(relayed, address(host), bytes("from the relay"))
                            .await();
                }
            }
            await().until(() -> received.size() == 4);
            assertThat(received)
                    .containsExactlyInAnyOrder(
                            "RELAY to the relay", "RELAY to the relay", "HOST from the relay", "HOST from the relay");
            gathering.close();
            gathering.closed().await();
            assertThat(events).last().isInstanceOf(GatherEvent.Closed.class);
        }
    }

    @Test
    void relayOverTlsIsGatheredAndUsed() throws Exception {
        TestCertificate certificate = TestCertificate.named("turn.example.org", folder);
        try (Coturn coturn = Coturn.startWithTls(folder, certificate.certificate(), certificate.key())) {
            TransportAddress tls = TransportAddress.of(coturn.tlsAddress());
            IceGatheringOptions options = loopback()
                    .turn(StunUri.parse("turns:turn.example.org"), Coturn.USER)
                    .resolver(any -> new OneService("_turns._tcp.turn.example.org", tls))
                    .authoritiesFile(certificate.certificate().toString())
                    .build();
            try (IceGathering gathering = IceGathering.start(vertx, options, events::add)) {
                List<String> received = new CopyOnWriteArrayList<>();
                gathering.dataHandler((local, from, data) -> received.add(from.toString()));

                List<Candidate> candidates = gathering.complete().await();

                Candidate host = of(candidates, CandidateType.HOST);
                Candidate relayed = of(candidates, CandidateType.RELAY);
                gathering.permit(relayed, address(host).ip()).await();
                gathering.send(relayed, address(host), bytes("hello")).await();
                await().until(() -> received.equals(List.of(address(relayed).toString())));
            }
        }
    }

    @Test
    void rtpAndRtcpAreRelayedOnPortsThatFollowEachOther() throws Exception {
        try (Coturn coturn = Coturn.start(folder)) {
            IceGatheringOptions options = loopback()
                    .gather(core -> core.separateRtcp())
                    .turn(uri("turn", coturn, ""), Coturn.USER)
                    .build();
            try (IceGathering gathering = IceGathering.start(vertx, options, events::add)) {
                List<Integer> ports = gathering.complete().await().stream()
                        .filter(each -> each.type() == CandidateType.RELAY)
                        .map(each -> each.address().port())
                        .toList();

                assertThat(ports).hasSize(2);
                assertThat(ports.get(0)).isEven();
                assertThat(ports.get(1)).isEqualTo(ports.get(0) + 1);
            }
        }
    }

    @Test
    void deadServersCostNothing() throws Exception {
        try (Coturn coturn = Coturn.start(folder)) {
            IceGatheringOptions options = loopback()
                    .turn(StunUri.parse("turn:127.0.0.9:9"), Coturn.USER)
                    .stun(StunUri.parse("stun:no-such-host.invalid"))
                    .turn(uri("turn", coturn, ""), Coturn.USER)
                    .build();
            try (IceGathering gathering = IceGathering.start(vertx, options, events::add)) {
                gathering.firstUsable().await();
                List<Candidate> settled = gathering.settled().await();

                GatherEvent.FirstUsable usable = (GatherEvent.FirstUsable) events.stream()
                        .filter(GatherEvent.FirstUsable.class::isInstance)
                        .findFirst()
                        .orElseThrow();
                assertThat(usable.at()).isLessThan(Duration.ofMillis(1000));
                assertThat(settled).extracting(Candidate::type).contains(CandidateType.RELAY);
                assertThat(gathering.complete().isComplete()).isFalse();
            }
        }
    }

    @Test
    void wrongPasswordFailsTheRelayAloneAndClosingFailsWhatIsOpen() throws Exception {
        LongTermCredential wrong = new LongTermCredential(Coturn.USER.username(), "looking-glass");
        try (Coturn coturn = Coturn.start(folder)) {
            IceGatheringOptions options = loopback()
                    .turn(uri("turn", coturn, ""), wrong)
                    .turn(StunUri.parse("turn:127.0.0.9:9"), wrong)
                    .build();
            IceGathering gathering = IceGathering.start(vertx, options, events::add);

            await().until(() -> events.stream().anyMatch(GatherEvent.Failed.class::isInstance));
            gathering.close();
            gathering.closed().await();

            assertThat(events)
                    .filteredOn(GatherEvent.Failed.class::isInstance)
                    .extracting(event -> ((GatherEvent.Failed) event).failure())
                    .singleElement()
                    .isInstanceOf(GatherFailure.Turn.class)
                    .satisfies(failure -> assertThat(GatherFailureText.of(failure))
                            .contains("the username or the password is wrong"));
            assertThat(gathering.complete().cause()).isInstanceOf(NetworkException.Disconnected.class);
        }
    }

    private static IceGatheringOptions.Builder loopback() {
        LocalInterface lo = new LocalInterface(
                "lo",
                LocalInterface.Kind.LOOPBACK,
                List.of(LocalAddress.of(IpAddress.parse("127.0.0.1").orElseThrow())));
        return IceGatheringOptions.builder()
                .interfaces(() -> List.of(lo))
                .gather(core -> core.addresses(AddressPolicy.all().withDangerLoopback()));
    }

    private static StunUri uri(String scheme, Coturn coturn, String query) {
        return StunUri.parse(scheme + ":127.0.0.1:" + coturn.address().getPort() + query);
    }

    private static Candidate of(List<Candidate> candidates, CandidateType type) {
        return candidates.stream()
                .filter(each -> each.type() == type)
                .findFirst()
                .orElseThrow();
    }

    private static TransportAddress address(Candidate candidate) {
        return candidate.address().transportAddress().orElseThrow();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
