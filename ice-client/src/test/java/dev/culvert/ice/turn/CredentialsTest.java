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
