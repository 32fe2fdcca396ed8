package dev.culvert.relay.auth;

import static dev.culvert.relay.auth.ServerSide.KEYS;
import static dev.culvert.relay.auth.ServerSide.REALM;
import static dev.culvert.stun.attribute.PasswordAlgorithm.MD5;
import static dev.culvert.stun.attribute.PasswordAlgorithm.SHA_256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.stun.Octets;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.integrity.IntegrityKey;
import dev.culvert.stun.integrity.Userhashes;
import dev.culvert.testkit.Rfc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Stores: time-limited secrets, several side by side, and those that are asked. */
class CredentialsTest {
    private static final SharedSecret NORTH = SharedSecret.of("north");
    private static final SharedSecret SOUTH = SharedSecret.of("south");
    private static final SharedSecrets SECRETS = SharedSecrets.of(REALM, List.of(NORTH, SOUTH));

    @Test
    void timeLimitedPasswordIsTheOneThatOtherServersMake() {
        // openssl dgst -sha1 -hmac north -binary | base64, over "1700000000:carol" without a line feed.
        IssuedCredential issued = NORTH.issue("carol", 1_700_000_000);

        assertThat(issued.username()).isEqualTo("1700000000:carol");
        assertThat(issued.password()).isEqualTo("+7vnw9QGdV9hTZ/4Cg+GqOxH//Q=");
        assertThat(NORTH.issue("carol", 0).username()).isEqualTo("0:carol");
        assertThat(NORTH.issue("", 1_700_000_000).username()).isEqualTo("1700000000");
    }

    @Test
    void everySecretGivesACandidate() {
        List<Credential> found = SECRETS.find(new ClaimedUser.ByName("1700000000:carol"));

        assertThat(found).hasSize(2).allMatch(c -> c.userId().equals("carol"));
        assertThat(found).allMatch(c -> c.expiresAtEpochSeconds() == 1_700_000_000);
        for (int i = 0; i < 2; i++) {
            String password =
                    List.of(NORTH, SOUTH).get(i).issue("carol", 1_700_000_000).password();
            assertThat(found.get(i).key(MD5)).contains(IntegrityKey.longTerm(MD5, "1700000000:carol", REALM, password));
            assertThat(found.get(i).key(SHA_256))
                    .contains(IntegrityKey.longTerm(SHA_256, "1700000000:carol", REALM, password));
        }
        assertThat(found.get(0).hasExpired(1_699_999_999)).isFalse();
        assertThat(found.get(0).hasExpired(1_700_000_000)).isTrue();
    }

    @Test
    void quotaCountsTheIdAndNotTheExpiry() {
        assertThat(userId("1700000000:carol")).isEqualTo("carol").isEqualTo(userId("1800000000:carol"));
        assertThat(userId("1700000000:a:b")).isEqualTo("a:b");
        assertThat(userId("1700000000")).isEqualTo("1700000000");
        assertThat(userId("1700000000:")).isEqualTo("1700000000:");
    }

    @Test
    void nameWithoutAnExpiryIsNoTimeLimitedOne() {
        for (String name : List.of(
                "",
                "carol",
                "carol:1700000000",
                ":carol",
                "-1:carol",
                "17x:carol",
                " 1700000000",
                "1".repeat(19),
                "\u0661\u0662:carol")) {
            assertThat(SECRETS.find(new ClaimedUser.ByName(name))).as(name).isEmpty();
        }
        assertThat(SECRETS.find(new ClaimedUser.ByHash(Userhashes.of("1700000000:carol", REALM))))
                .isEmpty();
    }

    @Test
    void secretsAreReadAndRefused() {
        assertThat(SharedSecret.ofFile("  north\r\n\n")).isEqualTo(NORTH).isNotEqualTo(SOUTH);
        assertThat(SharedSecret.ofFile("north").hashCode()).isEqualTo(NORTH.hashCode());
        assertThatThrownBy(() -> SharedSecret.ofFile("\n")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SharedSecret.ofFile("north\nsouth"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("north");
        assertThatThrownBy(() -> SharedSecrets.of(REALM, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> NORTH.issue("carol", -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Rfc({"8489#9.2.4 (3)", "8489#9.2.4 (4)"})
    void offerIsWhatEveryStoreCanServe() {
        StaticUsers users = ServerSide.users("alice:secret");
        StaticUsers legacy = ServerSide.usersFile("bob: md5:" + "0".repeat(32));

        assertThat(users.offer()).isEqualTo(SecurityOffer.ALL);
        assertThat(SECRETS.offer()).isEqualTo(new SecurityOffer(true, true, false));
        assertThat(Credentials.all(List.of(users, SECRETS)).offer()).isEqualTo(SECRETS.offer());
        assertThat(Credentials.all(List.of(users, SECRETS, legacy)).offer())
                .isEqualTo(new SecurityOffer(true, false, false));
        assertThat(Credentials.none().offer()).isEqualTo(SecurityOffer.ALL);
    }

    @Test
    void storesSideBySideAreAllSearched() {
        Credentials all = Credentials.all(
                List.of(ServerSide.users("alice:one", "1700000000:static"), ServerSide.users("alice:two"), SECRETS));

        assertThat(all.find(new ClaimedUser.ByName("alice"))).hasSize(2);
        assertThat(all.find(new ClaimedUser.ByName("1700000000"))).hasSize(3);
        assertThat(all.find(new ClaimedUser.ByName("bob"))).isEmpty();
        assertThat(all.find(new ClaimedUser.ByHash(Userhashes.of("alice", REALM))))
                .hasSize(2);
    }

    @Test
    void storesWithoutAnAlgorithmInCommonAreRefusedAndThoseBeforeStay() {
        StaticUsers md5 = ServerSide.usersFile("old: md5:" + "0".repeat(32));
        StaticUsers sha256 = ServerSide.usersFile("new: sha256:" + "0".repeat(64));
        ServerSide server = ServerSide.with(md5);

        assertThatThrownBy(() -> server.authenticator.replaceCredentials(Credentials.all(List.of(md5, sha256))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("md5");

        assertThat(server.challenge(LongTermClient.ofRfc8489("old", "x", MD5))
                        .request()
                        .get(PasswordAlgorithm.TYPE))
                .contains(MD5);
    }

    @Test
    void credentialHasAKeyOfAKnownAlgorithm() {
        IntegrityKey key = IntegrityKey.of(new byte[16]);
        assertThatThrownBy(() -> new Credential("a", "a", Map.of(), Credential.NEVER))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Credential(
                        "a", "a", Map.of(new PasswordAlgorithm(9, Octets.empty()), key), Credential.NEVER))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void storesAreAskedInOrderUntilOneKnowsOrFails() {
        List<String> asked = new ArrayList<>();
        LookupAnswer found = new LookupAnswer.Found(Credential.ofPassword("alice", REALM, "secret"));
        LookupAnswer unknown = new LookupAnswer.Unknown();
        LookupAnswer failed = new LookupAnswer.Failed("down");
        CredentialStore a = store("a", unknown, SecurityOffer.ALL, asked);
        CredentialStore b = store("b", found, SECRETS.offer(), asked);
        CredentialStore c = store("c", failed, SecurityOffer.ALL, asked);

        assertThat(answers(CredentialStore.inOrder(List.of(a, b, c)))).containsExactly(found);
        assertThat(answers(CredentialStore.inOrder(List.of(a, c, b)))).containsExactly(failed);
        assertThat(answers(CredentialStore.inOrder(List.of(a, a)))).containsExactly(unknown);
        assertThat(answers(CredentialStore.inOrder(List.of()))).containsExactly(unknown);
        assertThat(asked).containsExactly("a", "b", "a", "c", "a", "a");
        assertThat(CredentialStore.inOrder(List.of(a, b)).offer()).isEqualTo(SECRETS.offer());
    }

    @Test
    void nothingThatIsPrintedShowsASecret() {
        Credential alice = Credential.ofPassword("alice", REALM, "secret");
        IssuedCredential issued = NORTH.issue("carol", 1_700_000_000);

        assertThat(List.of(alice, NORTH, SECRETS, KEYS, ServerSide.users("alice:secret"), issued)
                        .toString())
                .contains("alice", "1700000000:carol")
                .doesNotContain("secret,", "north", "south", issued.password())
                .doesNotContainPattern("[0-9a-f]{32}");
    }

    private static String userId(String username) {
        return SECRETS.find(new ClaimedUser.ByName(username)).get(0).userId();
    }

    private static List<LookupAnswer> answers(CredentialStore store) {
        List<LookupAnswer> answers = new ArrayList<>();
        store.find(new ClaimedUser.ByName("alice"), 7, answers::add);
        return answers;
    }

    private static CredentialStore store(String name, LookupAnswer answer, SecurityOffer offer, List<String> asked) {
        return new CredentialStore() {
            @Override
            public SecurityOffer offer() {
                return offer;
            }

            @Override
            public void find(ClaimedUser user, long deadlineNanos, Consumer<LookupAnswer> consumer) {
                assertThat(deadlineNanos).isEqualTo(7);
                asked.add(name);
                consumer.accept(answer);
            }
        };
    }
}
