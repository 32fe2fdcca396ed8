package dev.culvert.ice.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Octets;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.MessageIntegrity;
import dev.culvert.stun.attribute.MessageIntegritySha256;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.PasswordAlgorithms;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.Userhash;
import dev.culvert.stun.attribute.Username;
import dev.culvert.testkit.Rfc;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CredentialsTest {
    private static final TransportAddress PEER =
            TransportAddress.parse("203.0.113.5:6000").orElseThrow();
    private static final PasswordAlgorithm UNKNOWN = new PasswordAlgorithm(0x0777, Octets.empty());

    private final TurnFlow flow = TurnFlow.overUdp();

    @Test
    @Rfc({"8489#9.2.3.1", "8489#9.2.5 (1)"})
    void firstRequestIsBareAndTheSecondAnswersTheChallenge() {
        flow.allocated();

        StunMessage first = flow.server.requests.get(0);
        StunMessage second = flow.server.requests.get(1);
        assertThat(first.has(Username.TYPE) || first.has(Realm.TYPE) || first.has(Nonce.TYPE))
                .isFalse();
        assertThat(Protection.hasIntegrity(first)).isFalse();
        assertThat(second.get(Username.TYPE)).contains(new Username("alice"));
        assertThat(second.get(Realm.TYPE)).contains(new Realm("example.org"));
        assertThat(second.has(MessageIntegrity.TYPE)).isTrue();
        assertThat(second.transactionId()).isNotEqualTo(first.transactionId());
    }

    @Test
    @Rfc("8489#9.2.3.2")
    void laterRequestsUseTheRealmAndNonceAtOnce() {
        flow.allocated();

        flow.permit(PEER);

        assertThat(flow.server.methods)
                .containsExactly(StunMethod.ALLOCATE, StunMethod.ALLOCATE, StunMethod.CREATE_PERMISSION);
    }

    @Test
    @Rfc("8489#9.2.5 (2)")
    void wrongPasswordIsTriedOnce() {
        flow.server.realm.password = "another";

        flow.allocate(AllocateOptions.defaults());

        assertThat(flow.server.methods).hasSize(2);
        assertThat(flow.events)
                .containsExactly(new TurnEvent.AllocationFailed(new TurnFailure.Refused(ErrorCode.of(401), List.of())));
    }

    @Test
    @Rfc("8489#9.2.5 (3)")
    void staleNonceIsReplaced() {
        flow.allocated();
        flow.server.realm.renewNonce();

        flow.permit(PEER);

        assertThat(flow.events).containsExactly(new TurnEvent.PermissionInstalled(PEER.ip()));
        assertThat(flow.server.methods.stream().filter(method -> method == StunMethod.CREATE_PERMISSION))
                .hasSize(2);
    }

    @Test
    void nonceThatIsStaleEachTimeIsGivenUp() {
        flow.allocated();
        flow.forger = request -> {
            flow.server.realm.renewNonce();
            return Optional.empty();
        };

        flow.permit(PEER);

        assertThat(flow.server.methods.stream().filter(method -> method == StunMethod.CREATE_PERMISSION))
                .hasSize(6);
        assertThat(flow.events)
                .containsExactly(new TurnEvent.PermissionFailed(
                        PEER.ip(), new TurnFailure.Refused(ErrorCode.of(438), List.of())));
    }

    @Test
    void newRealmIsTakenUp() {
        flow.allocated();
        flow.server.realm.name = "example.net";
        flow.server.realm.renewNonce();

        flow.permit(PEER);

        assertThat(flow.events).containsExactly(new TurnEvent.PermissionInstalled(PEER.ip()));
    }

    @Test
    @Rfc({"8489#9.2.5 (4)", "8489#9.2.5 (5)"})
    void firstKnownAlgorithmIsChosenAndTheListSentBack() {
        List<PasswordAlgorithm> offered = List.of(UNKNOWN, PasswordAlgorithm.SHA_256, PasswordAlgorithm.MD5);
        flow.server.realm.offered = offered;

        flow.allocated();

        StunMessage request = flow.server.requests.get(1);
        assertThat(request.get(PasswordAlgorithms.TYPE)).contains(new PasswordAlgorithms(offered));
        assertThat(request.get(PasswordAlgorithm.TYPE)).contains(PasswordAlgorithm.SHA_256);
        assertThat(request.has(MessageIntegritySha256.TYPE)).isTrue();
        assertThat(request.has(MessageIntegrity.TYPE)).isFalse();
    }

    @Test
    void md5IsChosenWhereTheServerPrefersIt() {
        flow.server.realm.offered = List.of(PasswordAlgorithm.MD5, PasswordAlgorithm.SHA_256);

        flow.allocated();

        StunMessage request = flow.server.requests.get(1);
        assertThat(request.get(PasswordAlgorithm.TYPE)).contains(PasswordAlgorithm.MD5);
        assertThat(request.has(MessageIntegritySha256.TYPE)).isTrue();
    }

    @Test
    @Rfc("8489#9.2.5 (6)")
    void serverWithUnknownAlgorithmsOnlyIsNotAskedAgain() {
        flow.server.realm.offered = List.of(UNKNOWN);

        flow.allocate(AllocateOptions.defaults());

        assertThat(flow.server.methods).hasSize(1);
        assertThat(flow.events)
                .containsExactly(new TurnEvent.AllocationFailed(new TurnFailure.NoCommonPasswordAlgorithm()));
    }

    @Test
    @Rfc("8489#9.2.5 (7)")
    void usernameIsHashedWhereTheServerWantsAnonymity() {
        flow.server.realm.anonymity = true;

        flow.allocated();

        StunMessage request = flow.server.requests.get(1);
        assertThat(request.has(Userhash.TYPE)).isTrue();
        assertThat(request.has(Username.TYPE)).isFalse();
    }

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
    void longestNamesFitIntoARequest() {
        LongTermCredential longest = new LongTermCredential("u".repeat(508), "secret");
        TurnFlow flowOfLongNames = new TurnFlow(0, TurnClient.Transport.DATAGRAM, longest);
        flowOfLongNames.forger = request -> Protection.hasIntegrity(request)
                ? Optional.empty()
                : Optional.of(ScriptedRealm.unsigned(
                        request,
                        MessageClass.ERROR_RESPONSE,
                        List.of(ErrorCode.of(401), new Realm("r".repeat(763)), new Nonce("n".repeat(763)))));

        flowOfLongNames.allocate(AllocateOptions.defaults());

        assertThat(flowOfLongNames.sent.get(1).remaining()).isGreaterThan(2000);
    }

    @Test
    void credentialIsCheckedAndNotShown() {
        assertThat(new LongTermCredential("alice", "wonderland").toString()).doesNotContain("wonderland");
        assertThatThrownBy(() -> new LongTermCredential("u".repeat(509), "secret"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LongTermCredential("alice", "")).isInstanceOf(IllegalArgumentException.class);
    }
}
