package dev.culvert.relay.auth;

import static dev.culvert.relay.auth.ServerSide.REALM;
import static dev.culvert.stun.attribute.PasswordAlgorithm.MD5;
import static dev.culvert.stun.attribute.PasswordAlgorithm.SHA_256;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.auth.Authentication.Authenticated;
import dev.culvert.relay.auth.Authentication.Reason;
import dev.culvert.relay.auth.Authentication.Refused;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.Octets;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.MessageIntegrity;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.PasswordAlgorithms;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.Userhash;
import dev.culvert.stun.attribute.Username;
import dev.culvert.stun.integrity.IntegrityKey;
import dev.culvert.stun.integrity.IntegrityMac;
import dev.culvert.stun.integrity.SecurityFeatures;
import dev.culvert.stun.integrity.Userhashes;
import dev.culvert.testkit.Rfc;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The checks of RFC 8489 §9.2.4, one by one and in their order. */
class AuthenticationRulesTest {
    private static final IntegrityKey MD5_KEY = IntegrityKey.longTerm(MD5, "alice", REALM, "secret");
    private static final IntegrityKey SHA_256_KEY = IntegrityKey.longTerm(SHA_256, "alice", REALM, "secret");
    private static final IntegrityKey WRONG_KEY = IntegrityKey.longTerm("alice", REALM, "guess");
    private static final Username ALICE = new Username("alice");
    private static final Realm IN_REALM = new Realm(REALM);
    private static final PasswordAlgorithms BOTH = PasswordAlgorithms.of(SHA_256, MD5);

    private final ServerSide server = ServerSide.with(ServerSide.users("alice:secret"));

    @Test
    @Rfc({"8489#9.2.4 (1)", "8489#9.2.4 (3)", "8489#9.2.4 (4)", "8489#9.2", "8489#9.2.1"})
    void requestWithoutIntegrityIsChallenged() {
        StunMessage answer = server.answer(Messages.bare(List.of(ALICE, IN_REALM)));

        assertThat(Messages.attributeTypes(answer))
                .containsExactly(ErrorCode.TYPE, Realm.TYPE, Nonce.TYPE, PasswordAlgorithms.TYPE);
        assertThat(answer.get(ErrorCode.TYPE)).contains(new ErrorCode(401, ""));
        assertThat(answer.get(Realm.TYPE)).contains(IN_REALM);
        assertThat(answer.get(PasswordAlgorithms.TYPE)).contains(BOTH);
        assertThat(SecurityFeatures.ofNonce(nonceOf(answer).text())).isEqualTo(new SecurityFeatures(true, true));
    }

    @Test
    @Rfc("8489#9.2.4 (5)")
    void integrityWithoutWhatBelongsToItIsABadRequest() {
        Nonce nonce = freshNonce();
        for (List<Attribute> attributes : List.<List<Attribute>>of(
                List.of(IN_REALM, nonce),
                List.of(ALICE, nonce),
                List.of(ALICE, IN_REALM),
                List.of(),
                List.of(ALICE, Userhashes.of("alice", REALM), IN_REALM, nonce))) {
            for (boolean sha256 : new boolean[] {false, true}) {
                StunMessage answer = server.answer(Messages.signed(MD5_KEY, sha256, attributes));

                assertThat(Messages.attributeTypes(answer)).containsExactly(ErrorCode.TYPE);
                assertThat(answer.get(ErrorCode.TYPE)).contains(new ErrorCode(400, ""));
            }
        }
    }

    @Test
    @Rfc("8489#9.2.4 (5)")
    void attributeThatDoesNotDecodeIsABadRequest() {
        Nonce nonce = freshNonce();
        Octets notUtf8 = Octets.ofHex("ff");
        assertBad(Messages.raw(Username.TYPE, notUtf8), Messages.raw(Realm.TYPE, Octets.empty()), nonce);
        assertBad(ALICE, IN_REALM, Messages.raw(Nonce.TYPE, notUtf8));
        assertBad(Messages.raw(Userhash.TYPE, Octets.ofHex("00".repeat(31))), IN_REALM, nonce);
        assertBad(ALICE, IN_REALM, nonce, Messages.raw(PasswordAlgorithms.TYPE, notUtf8), MD5);
        assertBad(ALICE, IN_REALM, nonce, BOTH, Messages.raw(PasswordAlgorithm.TYPE, notUtf8));
    }

    @Test
    @Rfc("8489#9.2.4 (6)")
    void requestWithoutPasswordAlgorithmsIsProcessedWithMd5() {
        Nonce nonce = freshNonce();

        assertThat(authenticated(Messages.signed(MD5_KEY, false, List.of(ALICE, IN_REALM, nonce))))
                .isEqualTo(new Authenticated(alice(), MD5_KEY, false));
        assertThat(reason(Messages.signed(SHA_256_KEY, true, List.of(ALICE, IN_REALM, nonce))))
                .isEqualTo(Reason.WRONG_PASSWORD);
    }

    @Test
    @Rfc("8489#9.2.4 (7)")
    void oneOfTheTwoAttributesAloneIsABadRequest() {
        assertBad(ALICE, IN_REALM, freshNonce(), BOTH);
        assertBad(ALICE, IN_REALM, freshNonce(), MD5);
        assertBad(ALICE, IN_REALM, freshNonce(), SHA_256);
    }

    @Test
    @Rfc("8489#9.2.4 (8)")
    void listOtherThanTheOneSentIsABadRequest() {
        assertBad(ALICE, IN_REALM, freshNonce(), PasswordAlgorithms.of(MD5), MD5);
        assertBad(ALICE, IN_REALM, freshNonce(), PasswordAlgorithms.of(MD5, SHA_256), MD5);
        assertBad(ALICE, IN_REALM, freshNonce(), PasswordAlgorithms.of(SHA_256, MD5, MD5), MD5);
    }

    @Test
    @Rfc("8489#9.2.4 (8)")
    void listIsComparedWithTheOneThatWentWithTheNonceEvenAfterAReload() {
        Nonce before = freshNonce();
        server.authenticator.replaceCredentials(ServerSide.usersFile("alice: secret\nbob: md5:" + "0".repeat(32)));
        Nonce after = freshNonce();

        assertThat(authenticated(Messages.signed(SHA_256_KEY, true, List.of(ALICE, IN_REALM, before, BOTH, SHA_256)))
                        .key())
                .isEqualTo(SHA_256_KEY);
        assertBad(ALICE, IN_REALM, after, BOTH, MD5);
        assertThat(authenticated(Messages.signed(
                                MD5_KEY, true, List.of(ALICE, IN_REALM, after, PasswordAlgorithms.of(MD5), MD5)))
                        .key())
                .isEqualTo(MD5_KEY);
    }

    @Test
    @Rfc("8489#9.2.4 (9)")
    void algorithmThatWasNotOfferedIsABadRequest() {
        assertBad(ALICE, IN_REALM, freshNonce(), BOTH, new PasswordAlgorithm(3, Octets.empty()));
        assertBad(ALICE, IN_REALM, freshNonce(), BOTH, new PasswordAlgorithm(2, Octets.of((byte) 0)));
    }

    @Test
    @Rfc("8489#9.2.4 (10)")
    void unknownUserIsChallengedAnew() {
        Nonce nonce = freshNonce();
        for (Attribute user : List.of(new Username("mallory"), Userhashes.of("mallory", REALM), new Username(""))) {
            StunMessage answer = server.answer(Messages.signed(MD5_KEY, false, List.of(user, IN_REALM, nonce)));

            assertThat(Messages.attributeTypes(answer))
                    .containsExactly(ErrorCode.TYPE, Realm.TYPE, Nonce.TYPE, PasswordAlgorithms.TYPE);
            assertThat(answer.get(ErrorCode.TYPE)).contains(new ErrorCode(401, ""));
        }
    }

    @Test
    @Rfc("8489#9.2.4 (11)")
    void sha256IsCheckedWhereItIsThere() {
        List<Attribute> attributes = List.of(ALICE, IN_REALM, freshNonce());

        assertThat(reason(Messages.signedTwice(attributes, MD5_KEY, WRONG_KEY))).isEqualTo(Reason.WRONG_PASSWORD);
        assertThat(authenticated(Messages.signedTwice(attributes, WRONG_KEY, MD5_KEY))
                        .key())
                .isEqualTo(MD5_KEY);
        assertThat(authenticated(Messages.signed(MD5_KEY, true, attributes)).key())
                .isEqualTo(MD5_KEY);
        assertThat(authenticated(Messages.signed(MD5_KEY, false, attributes)).key())
                .isEqualTo(MD5_KEY);
    }

    @Test
    @Rfc("8489#9.2.4 (12)")
    void wrongPasswordIsChallengedAnew() {
        StunMessage answer = server.answer(Messages.signed(WRONG_KEY, false, List.of(ALICE, IN_REALM, freshNonce())));

        assertThat(Messages.attributeTypes(answer))
                .containsExactly(ErrorCode.TYPE, Realm.TYPE, Nonce.TYPE, PasswordAlgorithms.TYPE);
        assertThat(answer.get(ErrorCode.TYPE)).contains(new ErrorCode(401, ""));
        LongTermClient client = LongTermClient.ofRfc5389("alice", "secret");
        client.onChallenge(answer);
        assertThat(server.receive(client.request())).isInstanceOf(Authenticated.class);
    }

    @Test
    @Rfc("8489#9.2.4 (13)")
    void nonceThatIsNoLongerValidIsReplaced() {
        Nonce stale = freshNonce();
        server.advance(Nonces.DEFAULT_LIFETIME);
        for (Nonce nonce : List.of(stale, new Nonce("f//499k954d6OL34oL9FSTvy64sA"))) {
            StunMessage answer = server.answer(Messages.signed(MD5_KEY, false, List.of(ALICE, IN_REALM, nonce)));

            assertThat(Messages.attributeTypes(answer))
                    .containsExactly(ErrorCode.TYPE, Realm.TYPE, Nonce.TYPE, PasswordAlgorithms.TYPE);
            assertThat(answer.get(ErrorCode.TYPE)).contains(new ErrorCode(438, ""));
            assertThat(authenticated(Messages.signed(MD5_KEY, false, List.of(ALICE, IN_REALM, nonceOf(answer)))))
                    .isNotNull();
        }
    }

    @Test
    @Rfc("8489#9.2.4 (14)")
    void checksAreMadeInTheirOrder() {
        Nonce stale = freshNonce();
        server.advance(Nonces.DEFAULT_LIFETIME);
        Username mallory = new Username("mallory");

        assertThat(reason(Messages.bare(List.of(mallory, stale, MD5)))).isEqualTo(Reason.CHALLENGED);
        assertThat(reason(Messages.signed(WRONG_KEY, false, List.of(mallory, stale, MD5))))
                .isEqualTo(Reason.INCOMPLETE);
        assertThat(reason(Messages.signed(WRONG_KEY, false, List.of(mallory, IN_REALM, stale, MD5))))
                .isEqualTo(Reason.BID_DOWN);
        assertThat(reason(Messages.signed(WRONG_KEY, false, List.of(mallory, IN_REALM, stale))))
                .isEqualTo(Reason.UNKNOWN_USER);
        assertThat(reason(Messages.signed(WRONG_KEY, false, List.of(ALICE, IN_REALM, stale))))
                .isEqualTo(Reason.WRONG_PASSWORD);
        assertThat(reason(Messages.signed(MD5_KEY, false, List.of(ALICE, IN_REALM, stale))))
                .isEqualTo(Reason.STALE_NONCE);
    }

    @Test
    @Rfc("8489#9.2.4 (15)")
    void answerFollowsThePasswordAlgorithmNotTheIntegrityOfTheRequest() {
        List<Attribute> attributes = List.of(ALICE, IN_REALM, freshNonce(), BOTH, SHA_256);

        assertThat(authenticated(Messages.signed(SHA_256_KEY, false, attributes))
                        .answersWithSha256())
                .isTrue();
        assertThat(authenticated(Messages.signed(SHA_256_KEY, true, attributes)).answersWithSha256())
                .isTrue();
    }

    @Test
    @Rfc("8489#9.2.4 (16)")
    void answerToARequestWithoutPasswordAlgorithmCarriesMessageIntegrity() {
        List<Attribute> attributes = List.of(ALICE, IN_REALM, freshNonce());

        assertThat(authenticated(Messages.signed(MD5_KEY, true, attributes)).answersWithSha256())
                .isFalse();
        StunMessage answer = server.answer(Messages.signed(MD5_KEY, true, attributes));
        assertThat(Messages.attributeTypes(answer)).containsExactly(Lifetime.TYPE, MessageIntegrity.TYPE);
    }

    @Test
    @Rfc("8489#14.5")
    void attributesBehindTheIntegrityAreNotSeen() {
        StunWriter writer = Messages.written(List.of(ALICE, IN_REALM));
        new IntegrityMac().sign(writer, MD5_KEY);
        writer.add(freshNonce());

        assertThat(reason(Messages.view(writer))).isEqualTo(Reason.INCOMPLETE);
    }

    private void assertBad(Attribute... attributes) {
        StunMessage answer = server.answer(Messages.signed(MD5_KEY, true, List.of(attributes)));

        assertThat(Messages.attributeTypes(answer)).containsExactly(ErrorCode.TYPE);
        assertThat(answer.get(ErrorCode.TYPE)).contains(new ErrorCode(400, ""));
    }

    private Nonce freshNonce() {
        return nonceOf(server.answer(Messages.bare(List.of())));
    }

    private static Nonce nonceOf(StunMessage answer) {
        return answer.get(Nonce.TYPE).orElseThrow();
    }

    private Authenticated authenticated(StunMessage request) {
        Authentication result = server.receive(request);
        assertThat(result).isInstanceOf(Authenticated.class);
        return (Authenticated) result;
    }

    private Reason reason(StunMessage request) {
        return ((Refused) server.receive(request)).reason();
    }

    private static Credential alice() {
        return Credential.ofPassword("alice", REALM, "secret");
    }
}
