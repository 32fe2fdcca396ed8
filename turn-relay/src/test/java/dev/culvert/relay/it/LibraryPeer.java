package dev.culvert.relay.it;

import dev.culvert.ice.gather.AddressPolicy;
import dev.culvert.ice.gather.Candidate;
import dev.culvert.ice.gather.CandidateType;
import dev.culvert.ice.gather.LocalAddress;
import dev.culvert.ice.gather.LocalInterface;
import dev.culvert.ice.sdp.CandidateAttribute;
import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.ice.vertx.IceGathering;
import dev.culvert.ice.vertx.IceGatheringOptions;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunUri;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** An end of an ICE session with candidates of the library, whose checks a {@link LiteAgent} answers. */
final class LibraryPeer implements AutoCloseable {
    static final String USERNAME_FRAGMENT = "culv";
    static final String PASSWORD = "thePasswordOfTheLiteAgent";

    private static final String HOST = "127.0.0.1";

    private final LiteAgent agent = new LiteAgent(USERNAME_FRAGMENT, PASSWORD);
    private final UnaryOperator<ByteBuffer> answers;
    private final List<String> failures = new ArrayList<>();
    private final IceGathering gathering;
    private final List<Candidate> candidates;

    /**
     * Gathers on the loopback, with {@code turnUri}, or without a server.
     *
     * @param answers what is sent back for each datagram that is not STUN; an empty buffer for nothing
     */
    LibraryPeer(Vertx vertx, Optional<String> turnUri, String authoritiesFile, UnaryOperator<ByteBuffer> answers) {
        this.answers = answers;
        LocalInterface loopback = new LocalInterface(
                "lo",
                LocalInterface.Kind.LOOPBACK,
                List.of(LocalAddress.of(IpAddress.parse(HOST).orElseThrow())));
        IceGatheringOptions.Builder options = IceGatheringOptions.builder()
                .interfaces(() -> List.of(loopback))
                .authoritiesFile(authoritiesFile)
                .gather(core -> core.addresses(AddressPolicy.all().withDangerLoopback()));
        turnUri.ifPresent(uri -> options.turn(
                StunUri.parse(uri), new LongTermCredential(TurnServerUnderTest.USER, TurnServerUnderTest.PASSWORD)));
        gathering = IceGathering.start(vertx, options.build(), event -> {}).dataHandler(this::onData);
        candidates = await(gathering.complete());
    }

    /** Those of one type. */
    List<Candidate> candidates(CandidateType type) {
        return candidates.stream().filter(candidate -> candidate.type() == type).toList();
    }

    /** As they stand in SDP, without {@code a=}. */
    static List<String> lines(List<Candidate> candidates) {
        return candidates.stream().map(CandidateAttribute::format).toList();
    }

    /** Lets the peer's packets in at all relayed candidates. */
    void permit(IpAddress peer) {
        for (Candidate relayed : candidates(CandidateType.RELAY)) {
            await(gathering.permit(relayed, peer));
        }
    }

    private void onData(Candidate local, TransportAddress from, ByteBuffer data) {
        Optional<ByteBuffer> answer = new StunMessage().wrap(data.duplicate()) == Malformation.NONE
                ? agent.answer(data, from)
                : Optional.of(answers.apply(data)).filter(ByteBuffer::hasRemaining);
        answer.ifPresent(
                bytes -> gathering.send(local, from, bytes).onFailure(cause -> failures.add(cause.toString())));
    }

    /** Where the other end is, once it has said so. */
    Optional<TransportAddress> nominated() {
        return agent.nominated();
    }

    /** What could not be sent. */
    List<String> failures() {
        return failures;
    }

    @Override
    public void close() {
        gathering.close();
        await(gathering.closed());
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }
}
