package dev.culvert.relay.auth;

import static dev.culvert.relay.auth.ServerSide.FLOW;
import static dev.culvert.relay.auth.ServerSide.REALM;
import static dev.culvert.stun.attribute.PasswordAlgorithm.MD5;
import static dev.culvert.stun.attribute.PasswordAlgorithm.SHA_256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.relay.auth.Authentication.Authenticated;
import dev.culvert.relay.auth.Authentication.Reason;
import dev.culvert.relay.auth.Authentication.Refused;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.Octets;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.attribute.Attributes;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.MessageIntegrity;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.OpaqueAttribute;
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
import java.util.ArrayList;
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
        StunMessage answer = server.answer(LongTermClient.bare(List.of(ALICE, IN_REALM)));

        assertThat(attributeTypes(answer))
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
                StunMessage answer = server.answer(LongTermClient.signed(MD5_KEY, sha256, attributes));

                assertThat(attributeTypes(answer)).containsExactly(ErrorCode.TYPE);
                assertThat(answer.get(ErrorCode.TYPE)).contains(new ErrorCode(400, ""));
            }
        }
    }

    @Test
    @Rfc("8489#9.2.4 (5)")
    void attributeThatDoesNotDecodeIsABadRequest() {
        Nonce nonce = freshNonce();
        Octets notUtf8 = Octets.ofHex("ff");
        assertBad(raw(Username.TYPE, notUtf8), raw(Realm.TYPE, Octets.empty()), nonce);
        assertBad(ALICE, IN_REALM, raw(Nonce.TYPE, notUtf8));
        assertBad(raw(Userhash.TYPE, Octets.ofHex("00".repeat(31))), IN_REALM, nonce);
        assertBad(ALICE, IN_REALM, nonce, raw(PasswordAlgorithms.TYPE, notUtf8), MD5);
        assertBad(ALICE, IN_REALM, nonce, BOTH, raw(PasswordAlgorithm.TYPE, notUtf8));
    }

    @Test
    @Rfc("8489#9.2.4 (6)")
    void requestWithoutPasswordAlgorithmsIsProcessedWithMd5() {
        Nonce nonce = freshNonce();

        assertThat(authenticated(LongTermClient.signed(MD5_KEY, false, List.of(ALICE, IN_REALM, nonce))))
                .isEqualTo(new Authenticated(alice(), MD5_KEY, false));
        assertThat(reason(LongTermClient.signed(SHA_256_KEY, true, List.of(ALICE, IN_REALM, nonce))))
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

        assertThat(authenticated(LongTermClient.signed(
                                SHA_256_KEY, true, List.of(ALICE, IN_REALM, before, BOTH, SHA_256)))
                        .key())
                .isEqualTo(SHA_256_KEY);
        assertBad(ALICE, IN_REALM, after, BOTH, MD5);
        assertThat(authenticated(LongTermClient.signed(
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
            StunMessage answer = server.answer(LongTermClient.signed(MD5_KEY, false, List.of(user, IN_REALM, nonce)));

            assertThat(attributeTypes(answer))
                    .containsExactly(ErrorCode.TYPE, Realm.TYPE, Nonce.TYPE, PasswordAlgorithms.TYPE);
            assertThat(answer.get(ErrorCode.TYPE)).contains(new ErrorCode(401, ""));
        }
    }

    @Test
    @Rfc("8489#9.2.4 (11)")
    void sha256IsCheckedWhereItIsThere() {
        List<Attribute> attributes = List.of(ALICE, IN_REALM, freshNonce());

        assertThat(reason(signedTwice(attributes, MD5_KEY, WRONG_KEY))).isEqualTo(Reason.WRONG_PASSWORD);
        assertThat(authenticated(signedTwice(attributes, WRONG_KEY, MD5_KEY)).key())
                .isEqualTo(MD5_KEY);
        assertThat(authenticated(LongTermClient.signed(MD5_KEY, true, attributes))
                        .key())
                .isEqualTo(MD5_KEY);
        assertThat(authenticated(LongTermClient.signed(MD5_KEY, false, attributes))
                        .key())
                .isEqualTo(MD5_KEY);
    }

    @Test
    @Rfc("8489#9.2.4 (12)")
    void wrongPasswordIsChallengedAnew() {
        StunMessage answer =
                server.answer(LongTermClient.signed(WRONG_KEY, false, List.of(ALICE, IN_REALM, freshNonce())));

        assertThat(attributeTypes(answer))
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
            StunMessage answer = server.answer(LongTermClient.signed(MD5_KEY, false, List.of(ALICE, IN_REALM, nonce)));

            assertThat(attributeTypes(answer))
                    .containsExactly(ErrorCode.TYPE, Realm.TYPE, Nonce.TYPE, PasswordAlgorithms.TYPE);
            assertThat(answer.get(ErrorCode.TYPE)).contains(new ErrorCode(438, ""));
            assertThat(authenticated(LongTermClient.signed(MD5_KEY, false, List.of(ALICE, IN_REALM, nonceOf(answer)))))
                    .isNotNull();
        }
    }

    @Test
    @Rfc("8489#9.2.4 (14)")
    void checksAreMadeInTheirOrder() {
        Nonce stale = freshNonce();
        server.advance(Nonces.DEFAULT_LIFETIME);
        Username mallory = new Username("mallory");

        assertThat(reason(LongTermClient.bare(List.of(mallory, stale, MD5)))).isEqualTo(Reason.CHALLENGED);
        assertThat(reason(LongTermClient.signed(WRONG_KEY, false, List.of(mallory, stale, MD5))))
                .isEqualTo(Reason.INCOMPLETE);
        assertThat(reason(LongTermClient.signed(WRONG_KEY, false, List.of(mallory, IN_REALM, stale, MD5))))
                .isEqualTo(Reason.BID_DOWN);
        assertThat(reason(LongTermClient.signed(WRONG_KEY, false, List.of(mallory, IN_REALM, stale))))
                .isEqualTo(Reason.UNKNOWN_USER);
        assertThat(reason(LongTermClient.signed(WRONG_KEY, false, List.of(ALICE, IN_REALM, stale))))
                .isEqualTo(Reason.WRONG_PASSWORD);
        assertThat(reason(LongTermClient.signed(MD5_KEY, false, List.of(ALICE, IN_REALM, stale))))
                .isEqualTo(Reason.STALE_NONCE);
    }

    @Test
    @Rfc("8489#9.2.4 (15)")
    void answerFollowsThePasswordAlgorithmNotTheIntegrityOfTheRequest() {
        List<Attribute> attributes = List.of(ALICE, IN_REALM, freshNonce(), BOTH, SHA_256);

        assertThat(authenticated(LongTermClient.signed(SHA_256_KEY, false, attributes))
                        .answersWithSha256())
                .isTrue();
        assertThat(authenticated(LongTermClient.signed(SHA_256_KEY, true, attributes))
                        .answersWithSha256())
                .isTrue();
    }

    @Test
    @Rfc("8489#9.2.4 (16)")
    void answerToARequestWithoutPasswordAlgorithmCarriesMessageIntegrity() {
        List<Attribute> attributes = List.of(ALICE, IN_REALM, freshNonce());

        assertThat(authenticated(LongTermClient.signed(MD5_KEY, true, attributes))
                        .answersWithSha256())
                .isFalse();
        StunMessage answer = server.answer(LongTermClient.signed(MD5_KEY, true, attributes));
        assertThat(attributeTypes(answer)).containsExactly(Lifetime.TYPE, MessageIntegrity.TYPE);
    }

    @Test
    @Rfc("8489#14.5")
    void attributesBehindTheIntegrityAreNotSeen() {
        StunWriter writer = LongTermClient.written(List.of(ALICE, IN_REALM));
        new IntegrityMac().sign(writer, MD5_KEY);
        writer.add(freshNonce());

        assertThat(reason(LongTermClient.view(writer))).isEqualTo(Reason.INCOMPLETE);
    }

    @Test
    @Rfc("8489#14.9")
    void realmThatIsNoneIsRefusedAtTheStart() {
        for (String realm : List.of("", "a".repeat(128), "a\"b", "a\\b", "a\u0007b")) {
            assertThatThrownBy(() -> authenticatorOf(realm))
                    .as(realm)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("realm");
        }
        assertThat(authenticatorOf("a".repeat(127))).isNotNull();
        Refused challenge =
                (Refused) authenticatorOf("caf\u0065\u0301").authenticate(LongTermClient.bare(List.of()), FLOW, 0, 0);
        assertThat(challenge.attributes()).contains(new Realm("caf\u00e9"));
    }

    private static Authenticator authenticatorOf(String realm) {
        return new Authenticator(
                realm,
                Credentials.none(),
                CredentialCache.withoutStores(),
                new Nonces(ServerSide.KEYS, Nonces.DEFAULT_LIFETIME));
    }

    private void assertBad(Attribute... attributes) {
        StunMessage answer = server.answer(LongTermClient.signed(MD5_KEY, true, List.of(attributes)));

        assertThat(attributeTypes(answer)).containsExactly(ErrorCode.TYPE);
        assertThat(answer.get(ErrorCode.TYPE)).contains(new ErrorCode(400, ""));
    }

    private Nonce freshNonce() {
        return nonceOf(server.answer(LongTermClient.bare(List.of())));
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

    private static StunMessage signedTwice(List<Attribute> attributes, IntegrityKey sha1, IntegrityKey sha256) {
        StunWriter writer = LongTermClient.written(attributes);
        new IntegrityMac().sign(writer, sha1);
        new IntegrityMac().signSha256(writer, sha256);
        return LongTermClient.view(writer);
    }

    private static List<AttributeType<?>> attributeTypes(StunMessage message) {
        List<AttributeType<?>> types = new ArrayList<>();
        for (int at = message.firstAttribute(); at != StunMessage.ABSENT; at = message.nextAttribute(at)) {
            types.add(Attributes.byNumber(message.typeAt(at)).orElseThrow());
        }
        return types;
    }

    private static Attribute raw(AttributeType<?> type, Octets value) {
        return new OpaqueAttribute(OpaqueAttribute.type(type.number(), type.name()), value);
    }
}
