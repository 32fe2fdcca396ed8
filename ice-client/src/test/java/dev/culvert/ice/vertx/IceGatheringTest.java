package dev.culvert.ice.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.culvert.ice.gather.AddressPolicy;
import dev.culvert.ice.gather.Candidate;
import dev.culvert.ice.gather.CandidateType;
import dev.culvert.ice.gather.GatherEvent;
import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.ice.turn.ScriptedTurnSocket;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunUri;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shell on loopback sockets, without servers. */
class IceGatheringTest {
    private static final TransportAddress EXTERNAL =
            TransportAddress.parse("203.0.113.1:7000").orElseThrow();
    private static final LongTermCredential USER = new LongTermCredential("alice", "wonderland");

    private static Vertx vertx;

    private final List<String> mappings = new CopyOnWriteArrayList<>();
    private final List<GatherEvent> events = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void openVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void closeVertx() {
        vertx.close().await();
    }

    /** Maps every port to the same address. */
    private final class OnePort implements MappingService {
        @Override
        public String name() {
            return "PCP";
        }

        @Override
        public Mapping map(TransportAddress base, Listener listener) {
            mappings.add("map " + base.ip());
            listener.onMapped(EXTERNAL);
            return () -> {
                mappings.add("unmap " + base.ip());
                return Future.succeededFuture();
            };
        }
    }

    @Test
    void mappedCandidateIsGatheredAndTheMappingRemoved() {
        IceGathering gathering =
                IceGathering.start(vertx, loopback().mapping(new OnePort()).build(), events::add);

        List<Candidate> candidates = gathering.complete().await();
        gathering.close();
        gathering.closed().await();

        assertThat(candidates).extracting(Candidate::type).containsExactly(CandidateType.HOST, CandidateType.SRFLX);
        assertThat(candidates.get(1).address().transportAddress()).contains(EXTERNAL);
        assertThat(mappings).containsExactly("map 127.0.0.1", "unmap 127.0.0.1");
    }

    @ParameterizedTest
    @CsvSource({
        "stun:stun.example.org, _stun._udp.stun.example.org",
        "turn:turn.example.org, _turn._udp.turn.example.org",
        "turn:turn.example.org?transport=tcp, _turn._tcp.turn.example.org",
        "turns:turn.example.org, _turns._tcp.turn.example.org"
    })
    void serversAreFoundByTheServiceOfTheirTransport(String uri, String service) {
        StunUri server = StunUri.parse(uri);
        IceGatheringOptions.Builder builder = loopback().resolver(any -> new OneService(service, EXTERNAL));
        IceGatheringOptions options =
                (server.scheme().isTurn() ? builder.turn(server, USER) : builder.stun(server)).build();

        List<TransportAddress> found = new GatherServers(vertx, options).find(0).await();

        assertThat(found).containsExactly(EXTERNAL);
    }

    @Test
    void serverThatNobodyKnowsIsToldAndTheRestGathered() {
        IceGatheringOptions options = loopback()
                .stun(StunUri.parse("stun:stun.example.org"))
                .resolver(any -> new OneService("none", EXTERNAL))
                .build();
        try (IceGathering gathering = IceGathering.start(vertx, options, events::add)) {
            assertThat(gathering.complete().await()).hasSize(1);
            assertThat(events)
                    .filteredOn(GatherEvent.Unresolved.class::isInstance)
                    .singleElement()
                    .satisfies(event -> assertThat(((GatherEvent.Unresolved) event).reason())
                            .startsWith("unknown host stun.example.org"));
        }
    }

    @Test
    void closedAtOnceFailsWhatWasWaitedFor() {
        IceGathering gathering = IceGathering.start(
                vertx, loopback().stun(StunUri.parse("stun:127.0.0.9:9")).build(), events::add);

        gathering.close();
        gathering.closed().await();

        assertThat(catchThrowable(() -> gathering.complete().await()))
                .isInstanceOf(NetworkException.Disconnected.class);
    }

    @Test
    void withoutAnAddressNothingIsUsable() {
        IceGatheringOptions options = loopback().interfaces(List::of).build();
        try (IceGathering gathering = IceGathering.start(vertx, options, events::add)) {
            assertThat(gathering.complete().await()).isEmpty();
            assertThat(catchThrowable(() -> gathering.firstUsable().await()))
                    .isInstanceOf(NetworkException.Unreachable.class);
        }
    }

    @Test
    void candidateOfAnotherGatheringIsRefused() {
        try (IceGathering one = IceGathering.start(vertx, loopback().build(), events::add);
                IceGathering other = IceGathering.start(vertx, loopback().build(), events::add)) {
            Candidate foreign = one.firstUsable().await();

            assertThat(catchThrowable(() -> other.send(foreign, EXTERNAL, ByteBuffer.allocate(1))
                            .await()))
                    .hasMessageContaining("is no candidate of this gathering");
            assertThat(catchThrowable(() -> other.permit(foreign, EXTERNAL.ip()).await()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void refusedPermissionNamesTheServer() {
        try (ScriptedTurnSocket server = new ScriptedTurnSocket(vertx).refuse(StunMethod.CREATE_PERMISSION, 403);
                IceGathering gathering = relayedBy(server)) {
            Candidate relayed = relayed(gathering);

            assertThat(catchThrowable(
                            () -> gathering.permit(relayed, EXTERNAL.ip()).await()))
                    .isInstanceOf(TurnException.class)
                    .hasMessageStartingWith("turn:" + server.address() + " did not let 203.0.113.1 in: ");
        }
    }

    @Test
    void permissionThatIsWaitedForFailsWithItsAllocation() {
        try (ScriptedTurnSocket server = new ScriptedTurnSocket(vertx);
                IceGathering gathering = relayedBy(server)) {
            Candidate relayed = relayed(gathering);
            server.restart();

            assertThat(catchThrowable(
                            () -> gathering.permit(relayed, EXTERNAL.ip()).await()))
                    .isInstanceOf(NetworkException.Disconnected.class)
                    .hasMessageStartingWith("the relayed address " + relayed.address() + " is lost: ");
            assertThat(events).hasAtLeastOneElementOfType(GatherEvent.Lost.class);
        }
    }

    private IceGathering relayedBy(ScriptedTurnSocket server) {
        IceGatheringOptions options = loopback()
                .turn(StunUri.parse("turn:" + server.address()), ScriptedTurnSocket.USER)
                .build();
        return IceGathering.start(vertx, options, events::add);
    }

    private static Candidate relayed(IceGathering gathering) {
        return gathering.complete().await().stream()
                .filter(candidate -> candidate.type() == CandidateType.RELAY)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void urisThatGiveNoCandidatesAreRefused() {
        IceGatheringOptions.Builder builder = IceGatheringOptions.builder();

        assertThatThrownBy(() -> builder.stun(StunUri.parse("stuns:example.org")))
                .hasMessageContaining("give a stun: URI");
        assertThatThrownBy(() -> builder.turn(StunUri.parse("stun:example.org"), USER))
                .hasMessageContaining("give a turn: or turns: URI");
        assertThatThrownBy(() -> builder.turn(StunUri.parse("turns:example.org?transport=udp"), USER))
                .hasMessageContaining("DTLS");
    }

    private static IceGatheringOptions.Builder loopback() {
        return IceGatheringOptions.builder()
                .gather(core -> core.addresses(AddressPolicy.all()
                        .withDangerLoopback()
                        .withFilter((owner, address) -> address.ip().toString().equals("127.0.0.1"))));
    }
}
