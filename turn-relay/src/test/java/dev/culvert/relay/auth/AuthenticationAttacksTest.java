package dev.culvert.relay.auth;

import static dev.culvert.relay.auth.ServerSide.REALM;
import static dev.culvert.stun.attribute.PasswordAlgorithm.MD5;
import static dev.culvert.stun.attribute.PasswordAlgorithm.SHA_256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.relay.auth.Authentication.Authenticated;
import dev.culvert.relay.auth.Authentication.NeedCredential;
import dev.culvert.relay.auth.Authentication.Reason;
import dev.culvert.relay.auth.Authentication.Refused;
import dev.culvert.relay.auth.CredentialCache.Limits;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.PasswordAlgorithms;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.Username;
import dev.culvert.stun.integrity.IntegrityKey;
import dev.culvert.stun.integrity.IntegrityMac;
import dev.culvert.testkit.Rfc;
import dev.culvert.testkit.Vectors;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What somebody on the path, or somebody without a password, may try. */
class AuthenticationAttacksTest {
    private static final Username ALICE = new Username("alice");
    private static final Realm IN_REALM = new Realm(REALM);
    private static final IntegrityKey MD5_KEY = IntegrityKey.longTerm("alice", REALM, "secret");

    private final ServerSide server = ServerSide.with(ServerSide.users("alice:secret"));

    @Test
    @Rfc("8489#9.2.1")
    void strippedPasswordAlgorithmsAreSeenByAClientOfRfc8489() {
        StunMessage stripped = Messages.bare(List.of(ErrorCode.of(401), IN_REALM, freshNonce()));

        assertThatThrownBy(() -> LongTermClient.ofRfc8489("alice", "secret", MD5, SHA_256)
                        .onChallenge(stripped))
                .hasMessageContaining("nobody stripped PASSWORD-ALGORITHMS");
    }

    @Test
    @Rfc("8489#9.2.1")
    void clientThatWasTalkedIntoRfc5389ByAChangedNonceIsRefused() {
        String text = freshNonce().text();
        for (String cookie : List.of("obMatJos2AAAA", "obMatJos2AAAB", "obMatJos2AAAC", "obMatJos2wAAA")) {
            Nonce changed = new Nonce(cookie + text.substring(13));

            assertThat(reason(Messages.signed(MD5_KEY, false, List.of(ALICE, IN_REALM, changed))))
                    .isEqualTo(Reason.FOREIGN_NONCE);
        }
    }

    @Test
    @Rfc({"8489#9.2.1", "8489#9.2.4 (8)"})
    void clientThatWasTalkedIntoMd5ByAChangedListIsRefused() {
        List<Attribute> attributes = List.of(ALICE, IN_REALM, freshNonce(), PasswordAlgorithms.of(MD5), MD5);

        assertThat(reason(Messages.signed(MD5_KEY, true, attributes))).isEqualTo(Reason.BID_DOWN);
    }

    @Test
    void requestReplayedFromAnotherAddressIsRefused() {
        StunMessage recorded =
                server.challenge(LongTermClient.ofRfc5389("alice", "secret")).request();
        assertThat(server.receive(recorded)).isInstanceOf(Authenticated.class);

        Authentication replayed = server.authenticator.authenticate(
                recorded,
                ServerSide.flow(Transport.UDP, "192.0.2.66:40000"),
                server.clock.nowNanos(),
                server.epochSeconds());

        assertThat(((Refused) replayed).reason()).isEqualTo(Reason.FOREIGN_NONCE);
    }

    @Test
    void requestReplayedAfterItsKeyHasGoneIsRefused() {
        StunMessage recorded = server.challenge(LongTermClient.ofRfc8489("alice", "secret", SHA_256))
                .request();
        NonceKeys other = NonceKeys.random(new Random(9));

        server.authenticator.replaceNonces(new Nonces(other, Nonces.DEFAULT_LIFETIME));

        assertThat(reason(recorded)).isEqualTo(Reason.FOREIGN_NONCE);
    }

    @Test
    void requestReplayedLaterIsRefused() {
        StunMessage recorded =
                server.challenge(LongTermClient.ofRfc5389("alice", "secret")).request();

        server.advance(Nonces.DEFAULT_LIFETIME);

        assertThat(reason(recorded)).isEqualTo(Reason.STALE_NONCE);
    }

    @Test
    @Rfc("8489#14.6")
    void truncatedSha256IsAWrongIntegrity() {
        LongTermClient client = server.challenge(LongTermClient.ofRfc8489("alice", "secret", SHA_256));
        for (int length = 16; length <= 32; length += 4) {
            StunWriter writer = Messages.written(client.credential());
            new IntegrityMac().signSha256(writer, client.key(), length);

            Authentication result = server.receive(Messages.view(writer));

            assertThat(result instanceof Authenticated).as("%d bytes", length).isEqualTo(length == 32);
            assertThat(length == 32 || ((Refused) result).reason() == Reason.WRONG_PASSWORD)
                    .isTrue();
        }
    }

    @Test
    @Rfc("8489#14.3")
    void nameOfUpTo763BytesIsUnderstoodAndALongerOneAsksNobody() {
        ServerSide asking = ServerSide.with(
                SharedSecrets.of(REALM, List.of(SharedSecret.of("north"))),
                CredentialCache.of(SecurityOffer.ALL, Limits.DEFAULT),
                0);
        Nonce nonce = ((Refused) asking.receive(Messages.bare(List.of())))
                .attributes().stream()
                        .filter(Nonce.class::isInstance)
                        .map(Nonce.class::cast)
                        .findFirst()
                        .orElseThrow();
        for (int length : new int[] {508, 509, 763, 764, 3000}) {
            String name = "é".repeat(length / 2) + "a".repeat(length % 2);

            Authentication result =
                    asking.receive(Messages.signed(MD5_KEY, false, List.of(new Username(name), IN_REALM, nonce)));

            if (length <= 763) {
                assertThat(result)
                        .isInstanceOfSatisfying(
                                NeedCredential.class,
                                need -> assertThat(need.user()).isEqualTo(new ClaimedUser.ByName(name)));
            } else {
                assertThat(((Refused) result).reason()).isEqualTo(Reason.UNKNOWN_USER);
            }
        }
        Username timeLimited = new Username("1900000000:" + "a".repeat(753));
        assertThat(((Refused) asking.receive(Messages.signed(MD5_KEY, false, List.of(timeLimited, IN_REALM, nonce))))
                        .reason())
                .isEqualTo(Reason.UNKNOWN_USER);
    }

    @Test
    @Rfc("8489#9.2.4 (7)")
    void publishedVectorIsABadRequestBecauseItLacksPasswordAlgorithms() {
        ServerSide vectors = ServerSide.with(
                ServerSide.users(Vectors.LONG_TERM_USERNAME + ":" + Vectors.LONG_TERM_PASSWORD_PREPARED));
        StunMessage request = new StunMessage();
        assertThat(request.wrap(ByteBuffer.wrap(Vectors.sha256Request()))).isEqualTo(Malformation.NONE);

        assertThat(((Refused) vectors.receive(request)).reason()).isEqualTo(Reason.BID_DOWN);
    }

    @Test
    @Rfc("8489#9.2.2 (2)")
    void publishedVectorOfRfc5769FailsAtItsNonceAlone() {
        ServerSide vectors = ServerSide.with(
                ServerSide.users(Vectors.LONG_TERM_USERNAME + ":" + Vectors.LONG_TERM_PASSWORD_PREPARED));
        StunMessage request = new StunMessage();
        assertThat(request.wrap(ByteBuffer.wrap(Vectors.longTermRequest()))).isEqualTo(Malformation.NONE);

        assertThat(((Refused) vectors.receive(request)).reason()).isEqualTo(Reason.FOREIGN_NONCE);
    }

    @Test
    void storeIsNotAskedForANonceThatIsNotGood() {
        ServerSide asking =
                ServerSide.with(Credentials.none(), CredentialCache.of(SecurityOffer.ALL, Limits.DEFAULT), 0);
        LongTermClient client = asking.challenge(LongTermClient.ofRfc5389("alice", "secret"));
        assertThat(asking.receive(client.request())).isInstanceOf(NeedCredential.class);

        Authentication foreign =
                asking.receive(Messages.signed(MD5_KEY, false, List.of(ALICE, IN_REALM, new Nonce("abc"))));
        asking.advance(Nonces.DEFAULT_LIFETIME);
        Authentication stale = asking.receive(client.request());

        assertThat(((Refused) foreign).reason()).isEqualTo(Reason.FOREIGN_NONCE);
        assertThat(((Refused) stale).reason()).isEqualTo(Reason.STALE_NONCE);
    }

    @Test
    void answersDoNotTellWhichUsersThereAre() {
        Nonce nonce = freshNonce();
        IntegrityKey guess = IntegrityKey.longTerm("alice", REALM, "guess");

        Refused known = (Refused) server.receive(Messages.signed(guess, false, List.of(ALICE, IN_REALM, nonce)));
        Refused unknown =
                (Refused) server.receive(Messages.signed(guess, false, List.of(new Username("bob"), IN_REALM, nonce)));

        assertThat(known.attributes()).isEqualTo(unknown.attributes());
    }

    @Test
    void sourcesWithoutAGoodNonceLeaveNothingBehind() {
        CredentialCache cache = CredentialCache.of(SecurityOffer.ALL, Limits.DEFAULT);
        ServerSide asking = ServerSide.with(Credentials.none(), cache, 0);
        Nonce nonceOfAnother = freshNonce();
        for (int i = 0; i < 50_000; i++) {
            FiveTuple source = ServerSide.flow(Transport.UDP, "192.0." + (i >> 8 & 0xFF) + "." + (i & 0xFF) + ":" + i);
            List<Attribute> attributes = List.of(new Username("user" + i), IN_REALM, nonceOfAnother);

            assertThat(asking.authenticator.authenticate(Messages.signed(MD5_KEY, false, attributes), source, 0, 0))
                    .isInstanceOf(Refused.class);
        }
        assertThat(cache.nextDeadlineNanos()).isEmpty();
    }

    @Test
    void changingAnyByteOfARequestNeverAuthenticatesSomebodyElse() {
        LongTermClient client = server.challenge(LongTermClient.ofRfc8489("alice", "secret", SHA_256));
        byte[] bytes = bytes(client.request());
        assertThat(server.receive(view(bytes))).isInstanceOf(Authenticated.class);
        for (int i = 0; i < bytes.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                bytes[i] ^= (byte) (1 << bit);
                StunMessage changed = new StunMessage();
                if (changed.wrap(ByteBuffer.wrap(bytes)) == Malformation.NONE) {
                    assertThat(server.receive(changed))
                            .as("bit %d of byte %d", bit, i)
                            .isInstanceOf(Refused.class);
                }
                bytes[i] ^= (byte) (1 << bit);
            }
        }
    }

    @Test
    void randomAttributesNeverCauseAnExceptionOrASuccess() {
        Random random = new Random(4);
        List<Attribute> pool = new ArrayList<>(server.challenge(LongTermClient.ofRfc8489("alice", "secret", SHA_256))
                .credential());
        pool.addAll(List.of(ALICE, MD5, PasswordAlgorithms.of(), new Nonce(""), new Realm(""), new Username("x")));
        IntegrityKey wrong = IntegrityKey.longTerm("alice", REALM, "guess");
        for (int i = 0; i < 20_000; i++) {
            List<Attribute> picked = new ArrayList<>();
            for (int n = random.nextInt(7); n > 0; n--) {
                picked.add(pool.get(random.nextInt(pool.size())));
            }

            assertThat(server.receive(Messages.signed(wrong, random.nextBoolean(), picked)))
                    .isInstanceOf(Refused.class);
        }
    }

    private Nonce freshNonce() {
        return server.answer(Messages.bare(List.of())).get(Nonce.TYPE).orElseThrow();
    }

    private Reason reason(StunMessage request) {
        return ((Refused) server.receive(request)).reason();
    }

    private static byte[] bytes(StunMessage message) {
        byte[] bytes = new byte[message.lengthBytes()];
        message.buffer().get(message.offset(), bytes);
        return bytes;
    }

    private static StunMessage view(byte[] bytes) {
        StunMessage message = new StunMessage();
        message.wrap(ByteBuffer.wrap(bytes));
        return message;
    }
}
