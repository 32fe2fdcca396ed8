package dev.culvert.relay.auth;

import static dev.culvert.relay.auth.ServerSide.REALM;
import static dev.culvert.stun.attribute.PasswordAlgorithm.MD5;
import static dev.culvert.stun.attribute.PasswordAlgorithm.SHA_256;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.MessageIntegrity;
import dev.culvert.stun.attribute.MessageIntegritySha256;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.Userhash;
import dev.culvert.stun.attribute.Username;
import dev.culvert.stun.integrity.IntegrityCheck;
import dev.culvert.testkit.Rfc;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A whole client against the server: challenge, request, answer, stale nonce, and on. */
class LongTermDanceTest {
    private final ServerSide server = ServerSide.with(ServerSide.users("alice:secret"));

    @Test
    @Rfc({"8489#9.2.4 (6)", "8489#9.2.4 (16)", "8489#9.2.2 (1)"})
    void clientOfRfc5389WorksUnchanged() {
        LongTermClient client = server.challenge(LongTermClient.ofRfc5389("alice", "secret"));

        StunMessage answer = server.answer(client.request());

        assertThat(answer.messageClass()).isEqualTo(MessageClass.SUCCESS_RESPONSE);
        assertThat(client.verify(answer)).isEqualTo(IntegrityCheck.VALID);
        assertThat(answer.has(MessageIntegritySha256.TYPE)).isFalse();
        assertCarriesNothingOfTheUser(answer);
    }

    @Test
    @Rfc({"8489#9.2.4 (15)", "8489#18.5.1"})
    void clientWithSha256IsAnsweredWithSha256() {
        LongTermClient client = server.challenge(LongTermClient.ofRfc8489("alice", "secret", MD5, SHA_256));
        assertThat(client.request().get(PasswordAlgorithm.TYPE)).contains(SHA_256);

        StunMessage answer = server.answer(client.request());

        assertThat(answer.messageClass()).isEqualTo(MessageClass.SUCCESS_RESPONSE);
        assertThat(client.verify(answer)).isEqualTo(IntegrityCheck.VALID);
        assertThat(answer.has(MessageIntegrity.TYPE)).isFalse();
        assertCarriesNothingOfTheUser(answer);
    }

    @Test
    @Rfc("8489#9.2.4 (15)")
    void clientThatChoosesMd5IsAnsweredWithSha256() {
        LongTermClient client = server.challenge(LongTermClient.ofRfc8489("alice", "secret", MD5));
        assertThat(client.request().get(PasswordAlgorithm.TYPE)).contains(MD5);

        StunMessage answer = server.answer(client.request());

        assertThat(answer.messageClass()).isEqualTo(MessageClass.SUCCESS_RESPONSE);
        assertThat(client.verify(answer)).isEqualTo(IntegrityCheck.VALID);
        assertThat(answer.has(MessageIntegrity.TYPE)).isFalse();
    }

    @Test
    @Rfc({"8489#9.2.4 (4)", "8489#14.4"})
    void clientThatHidesItsNameIsKnownByItsHash() {
        LongTermClient client = server.challenge(LongTermClient.ofRfc8489("alice", "secret", SHA_256));
        assertThat(client.request().has(Userhash.TYPE)).isTrue();
        assertThat(client.request().has(Username.TYPE)).isFalse();

        StunMessage answer = server.answer(client.request());

        assertThat(answer.messageClass()).isEqualTo(MessageClass.SUCCESS_RESPONSE);
        assertThat(client.verify(answer)).isEqualTo(IntegrityCheck.VALID);
    }

    @Test
    @Rfc({"8489#9.2.2 (2)", "8489#14.4"})
    void nameAndPasswordBeyondAsciiArePrepared() {
        // "é" as one code point and as two, and a space of another width: OpaqueString makes them the same.
        ServerSide prepared = ServerSide.with(ServerSide.users("Rene\u0301:caf\u00e9\u3000au lait"));
        for (LongTermClient client : List.of(
                LongTermClient.ofRfc5389("Ren\u00e9", "cafe\u0301 au lait"),
                LongTermClient.ofRfc8489("Ren\u00e9", "cafe\u0301 au lait", SHA_256))) {
            prepared.challenge(client);

            assertThat(prepared.answer(client.request()).messageClass()).isEqualTo(MessageClass.SUCCESS_RESPONSE);
        }
    }

    @Test
    @Rfc("8489#9.2.4 (3)")
    void usersWithMd5AloneAreOfferedMd5Alone() {
        ServerSide legacy = ServerSide.with(ServerSide.usersFile("bob: " + md5("bob", "pass") + "\nalice: secret"));
        for (String name : List.of("bob", "alice")) {
            String password = name.equals("bob") ? "pass" : "secret";
            LongTermClient client = legacy.challenge(LongTermClient.ofRfc8489(name, password, MD5, SHA_256));
            assertThat(client.request().get(PasswordAlgorithm.TYPE)).contains(MD5);

            StunMessage answer = legacy.answer(client.request());

            assertThat(client.verify(answer)).isEqualTo(IntegrityCheck.VALID);
        }
        LongTermClient old = legacy.challenge(LongTermClient.ofRfc5389("bob", "pass"));
        assertThat(old.verify(legacy.answer(old.request()))).isEqualTo(IntegrityCheck.VALID);
    }

    @Test
    void timeLimitedCredentialWorksForEveryClient() {
        SharedSecret secret = SharedSecret.of("north");
        ServerSide rest = ServerSide.with(SharedSecrets.of(REALM, List.of(secret)), ServerSide.users("alice:secret"));
        IssuedCredential issued = secret.issue("carol", rest.epochSeconds() + 3600);
        for (LongTermClient client : List.of(
                LongTermClient.ofRfc5389(issued.username(), issued.password()),
                LongTermClient.ofRfc8489(issued.username(), issued.password(), SHA_256, MD5),
                LongTermClient.ofRfc8489("alice", "secret", SHA_256))) {
            rest.challenge(client);

            assertThat(client.request().has(Userhash.TYPE)).isFalse();
            assertThat(client.verify(rest.answer(client.request()))).isEqualTo(IntegrityCheck.VALID);
        }
    }

    @Test
    @Rfc({"8489#9.2.4 (13)", "8656#5"})
    void clientGoesOnAfterItsNonceHasBecomeStale() {
        for (LongTermClient client : List.of(
                LongTermClient.ofRfc5389("alice", "secret"), LongTermClient.ofRfc8489("alice", "secret", SHA_256))) {
            server.challenge(client);
            server.advance(Nonces.DEFAULT_LIFETIME.minusSeconds(1));
            assertThat(server.answer(client.request()).messageClass()).isEqualTo(MessageClass.SUCCESS_RESPONSE);
            server.advance(Duration.ofSeconds(1));

            StunMessage stale = server.answer(client.request());

            assertThat(stale.get(ErrorCode.TYPE)).contains(new ErrorCode(438, ""));
            assertThat(stale.has(MessageIntegrity.TYPE)).isFalse();
            client.onChallenge(stale);
            assertThat(client.verify(server.answer(client.request()))).isEqualTo(IntegrityCheck.VALID);
        }
        assertThat(Nonces.DEFAULT_LIFETIME).isLessThanOrEqualTo(Duration.ofHours(1));
    }

    private static String md5(String name, String password) {
        return "md5:" + UsersFileTest.digest("MD5", name + ":" + REALM + ":" + password);
    }

    private static void assertCarriesNothingOfTheUser(StunMessage answer) {
        assertThat(answer.has(Realm.TYPE)).isFalse();
        assertThat(answer.has(Nonce.TYPE)).isFalse();
        assertThat(answer.has(Username.TYPE)).isFalse();
        assertThat(answer.has(Userhash.TYPE)).isFalse();
    }
}
