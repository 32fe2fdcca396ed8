package dev.culvert.ice.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.MessageIntegrity;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.PasswordAlgorithms;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.Username;
import dev.culvert.testkit.Rfc;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What somebody between client and server can bring about who does not know the password: nothing but delay. */
class ForgedAnswersTest {
    private static final TransportAddress PEER =
            TransportAddress.parse("203.0.113.5:6000").orElseThrow();

    private final TurnFlow flow = TurnFlow.overUdp();

    @Test
    @Rfc("8489#9.2.5 (8)")
    void challengeWhoseAlgorithmsWereCutOutIsNotAnswered() {
        flow.server.realm.offered = List.of(PasswordAlgorithm.SHA_256);
        flow.server.realm.strips = true;

        flow.allocate(AllocateOptions.defaults());
        flow.run(Duration.ofMinutes(1));

        assertThat(flow.server.requests).noneMatch(Protection::hasIntegrity);
        assertThat(flow.events).containsExactly(new TurnEvent.AllocationFailed(new TurnFailure.BidDown()));
    }

    @Test
    void challengeWhoseAlgorithmsWereCutOutEndsARequestOverAStreamAtOnce() {
        TurnFlow stream = TurnFlow.overTcp();
        stream.server.realm.offered = List.of(PasswordAlgorithm.SHA_256);
        stream.server.realm.strips = true;

        stream.allocate(AllocateOptions.defaults());

        assertThat(stream.server.methods).hasSize(1);
        assertThat(stream.events).containsExactly(new TurnEvent.AllocationFailed(new TurnFailure.BidDown()));
    }

    @Test
    @Rfc("8489#9.2.5 (9)")
    void forgedStaleNonceDoesNotTalkTheClientOutOfSha256() {
        flow.server.realm.offered = List.of(PasswordAlgorithm.SHA_256, PasswordAlgorithm.MD5);
        flow.allocated();
        flow.forger = request -> Optional.of(ScriptedRealm.unsigned(
                request,
                MessageClass.ERROR_RESPONSE,
                List.of(ErrorCode.of(438), new Realm("example.org"), new Nonce("plain"))));

        flow.permit(PEER);

        assertThat(flow.events).containsExactly(new TurnEvent.PermissionInstalled(PEER.ip()));
        assertThat(flow.server.requests.stream().skip(1)).noneMatch(request -> request.has(MessageIntegrity.TYPE));
    }

    @Test
    void forgedChallengeDoesNotTalkTheClientIntoMd5() {
        flow.server.realm.offered = List.of(PasswordAlgorithm.SHA_256, PasswordAlgorithm.MD5);
        flow.allocated();
        String nonce = flow.server.realm.nonce() + "x";
        flow.forger = request -> Optional.of(ScriptedRealm.unsigned(
                request,
                MessageClass.ERROR_RESPONSE,
                List.of(ErrorCode.of(438), new Nonce(nonce), PasswordAlgorithms.of(PasswordAlgorithm.MD5))));

        flow.permit(PEER);

        assertThat(flow.events).containsExactly(new TurnEvent.PermissionInstalled(PEER.ip()));
        assertThat(flow.server.requests.stream().skip(1))
                .allMatch(
                        request -> request.get(PasswordAlgorithm.TYPE).equals(Optional.of(PasswordAlgorithm.SHA_256)));
    }

    @Test
    void forgedChallengeDoesNotRevealTheUsername() {
        flow.server.realm.anonymity = true;
        flow.allocated();
        flow.forger = request -> Optional.of(ScriptedRealm.unsigned(
                request,
                MessageClass.ERROR_RESPONSE,
                List.of(ErrorCode.of(401), new Realm("elsewhere.org"), new Nonce("plain"))));

        flow.permit(PEER);

        assertThat(flow.events).containsExactly(new TurnEvent.PermissionInstalled(PEER.ip()));
        assertThat(flow.server.requests).noneMatch(request -> request.has(Username.TYPE));
    }

    @Test
    @Rfc("8489#9.2.5 (10)")
    void forgedAnswersAreAsIfTheyHadNeverCome() {
        flow.allocated();
        flow.forger = request ->
                Optional.of(ScriptedRealm.unsigned(request, MessageClass.ERROR_RESPONSE, List.of(ErrorCode.of(403))));

        flow.permit(PEER);

        assertThat(flow.events).containsExactly(new TurnEvent.PermissionInstalled(PEER.ip()));
    }

    @Test
    @Rfc("8489#9.2.5 (11)")
    void integrityIsViolatedWhereOnlyForgedAnswersCame() {
        flow.allocated();
        flow.forger = request -> Optional.of(ScriptedRealm.unsigned(request, MessageClass.SUCCESS_RESPONSE, List.of()));
        flow.loses = () -> true;

        flow.permit(PEER);
        flow.run(Duration.ofSeconds(39));

        assertThat(flow.events)
                .containsExactly(new TurnEvent.PermissionFailed(PEER.ip(), new TurnFailure.IntegrityViolated()));
        assertThat(flow.send(PEER, 10)).isFalse();
    }

    @Test
    @Rfc("8489#9.2.5 (12)")
    void forgedAnswerOverAStreamEndsTheRequestAtOnce() {
        TurnFlow stream = TurnFlow.overTcp().allocated();
        stream.forger =
                request -> Optional.of(ScriptedRealm.unsigned(request, MessageClass.SUCCESS_RESPONSE, List.of()));

        stream.permit(PEER);

        assertThat(stream.events)
                .containsExactly(new TurnEvent.PermissionFailed(PEER.ip(), new TurnFailure.IntegrityViolated()));
    }

    @Test
    @Rfc("8489#9.2.5 (13)")
    void badRequestWithoutIntegrityIsIgnored() {
        flow.allocated();
        flow.forger = request ->
                Optional.of(ScriptedRealm.unsigned(request, MessageClass.ERROR_RESPONSE, List.of(ErrorCode.of(400))));
        flow.loses = () -> true;

        flow.permit(PEER);
        flow.run(Duration.ofSeconds(39));

        assertThat(flow.events).containsExactly(new TurnEvent.PermissionFailed(PEER.ip(), new TurnFailure.Silence()));
    }

    @Test
    @Rfc("8489#9.2.5 (14)")
    void answerThatAnnouncesAlgorithmsWithoutNamingThemIsIgnored() {
        flow.server.realm.offered = List.of(PasswordAlgorithm.SHA_256);
        flow.allocated();
        Nonce nonce = new Nonce(flow.server.realm.nonce());
        flow.forger = request -> Optional.of(
                flow.server.realm.reply(request, MessageClass.ERROR_RESPONSE, List.of(ErrorCode.of(403), nonce)));

        flow.permit(PEER);

        assertThat(flow.events).containsExactly(new TurnEvent.PermissionInstalled(PEER.ip()));
    }

    @Test
    void challengeWithAnEndlessNonceIsNotAnswered() {
        flow.forger = request -> Optional.of(ScriptedRealm.unsigned(
                request,
                MessageClass.ERROR_RESPONSE,
                List.of(ErrorCode.of(401), new Realm("example.org"), new Nonce("n".repeat(800)))));

        flow.allocate(AllocateOptions.defaults());

        assertThat(flow.events)
                .containsExactly(new TurnEvent.AllocationFailed(new TurnFailure.Refused(ErrorCode.of(401), List.of())));
    }

    @Test
    void forgedRefusalOfTheCredentialDoesNotEndAnAllocation() {
        flow.allocated();
        List<Attribute> refusal = List.of(ErrorCode.of(401), new Realm("example.org"), new Nonce("plain"));
        flow.forger = request -> Optional.of(ScriptedRealm.unsigned(request, MessageClass.ERROR_RESPONSE, refusal));
        flow.run(Duration.ofSeconds(550));
        flow.forger = request -> Optional.empty();

        flow.run(Duration.ofMinutes(10));

        assertThat(flow.events).isEmpty();
        assertThat(flow.server.hasAllocation(flow.clock.nowNanos())).isTrue();
    }

    @Test
    void forgedStaleNonceDoesNotTalkTheClientOutOfTheStrongerIntegrity() {
        flow.server.realm.offered = List.of(PasswordAlgorithm.MD5);
        flow.allocated();
        flow.forger = request -> Optional.of(ScriptedRealm.unsigned(
                request, MessageClass.ERROR_RESPONSE, List.of(ErrorCode.of(438), new Nonce("plain"))));

        flow.permit(PEER);

        assertThat(flow.events).containsExactly(new TurnEvent.PermissionInstalled(PEER.ip()));
        assertThat(flow.server.requests).noneMatch(request -> request.has(MessageIntegrity.TYPE));
    }

    @Test
    void challengeWithAnEmptyListOfAlgorithmsIsNotAnswered() {
        flow.forger = request -> Optional.of(ScriptedRealm.unsigned(
                request,
                MessageClass.ERROR_RESPONSE,
                List.of(ErrorCode.of(401), new Realm("example.org"), new Nonce("n"), PasswordAlgorithms.of())));

        flow.allocate(AllocateOptions.defaults());

        assertThat(flow.sendTimes).hasSize(1);
        assertThat(flow.events)
                .containsExactly(new TurnEvent.AllocationFailed(new TurnFailure.Refused(ErrorCode.of(401), List.of())));
    }
}
