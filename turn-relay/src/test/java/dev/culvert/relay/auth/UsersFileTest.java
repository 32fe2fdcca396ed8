package dev.culvert.relay.auth;

import static dev.culvert.relay.auth.ServerSide.REALM;
import static dev.culvert.stun.attribute.PasswordAlgorithm.MD5;
import static dev.culvert.stun.attribute.PasswordAlgorithm.SHA_256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.culvert.server.config.Problem;
import dev.culvert.stun.integrity.IntegrityKey;
import dev.culvert.stun.integrity.Userhashes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsersFileTest {
    @Test
    void passwordsAndHashesMakeTheSameKeys() {
        String text = """
                # people
                alice: secret

                bob:  md5:%s
                  carol :sha256:%s
                carol: md5:%s
                dora: sha256:%s md5:%s
                """.formatted(
                        hash("MD5", "bob"),
                        hash("SHA-256", "carol"),
                        hash("MD5", "carol"),
                        hash("SHA-256", "dora"),
                        hash("MD5", "dora"));

        StaticUsers users = ServerSide.usersFile(text);

        assertThat(users.size()).isEqualTo(4);
        for (String name : List.of("alice", "bob", "carol", "dora")) {
            Credential user = users.find(new ClaimedUser.ByName(name)).get(0);
            assertThat(user.key(MD5)).contains(IntegrityKey.longTerm(MD5, name, REALM, "secret"));
            assertThat(user.userId()).isEqualTo(name);
            assertThat(user.hasExpired(Long.MAX_VALUE - 1)).isFalse();
            assertThat(users.find(new ClaimedUser.ByHash(Userhashes.of(name, REALM))))
                    .containsExactly(user);
        }
        assertThat(only(users, "dora").key(SHA_256)).contains(IntegrityKey.longTerm(SHA_256, "dora", REALM, "secret"));
        assertThat(only(users, "bob").key(SHA_256)).isEmpty();
        assertThat(users.offer()).isEqualTo(new SecurityOffer(true, false, true));
        assertThat(users.find(new ClaimedUser.ByName("Alice"))).isEmpty();
    }

    @Test
    void passwordMayContainColonsAndInnerSpaces() {
        StaticUsers users = ServerSide.usersFile("alice: a: b:c \t\r\n");

        assertThat(only(users, "alice").key(MD5)).contains(IntegrityKey.longTerm("alice", REALM, "a: b:c"));
    }

    @Test
    void optionIsSplitAtItsFirstColonAndNowhereElse() {
        StaticUsers users = ServerSide.users("alice: md5:x ", "bob:#");

        assertThat(only(users, "alice").key(MD5)).contains(IntegrityKey.longTerm("alice", REALM, " md5:x "));
        assertThat(users.size()).isEqualTo(2);
    }

    @Test
    void everyProblemIsToldWithItsLineAndWithoutThePassword() {
        String text = """
                alice: hunter2
                hunter3
                alice: hunter4
                : hunter5
                bob: md5:hunter6
                carol: sha256:0123
                dora:
                eve: md5:%1$s md5:%1$s
                fay: md5:%1$s hunter7
                gus: hun\u0007ter8
                %2$s: hunter9
                """.formatted("0".repeat(32), "n".repeat(509));

        InvalidUsersException e =
                catchThrowableOfType(InvalidUsersException.class, () -> StaticUsers.ofFile(REALM, "users.txt", text));

        assertThat(e.problems())
                .extracting(Problem::where)
                .containsExactly(
                        "users.txt:2",
                        "users.txt:3",
                        "users.txt:4",
                        "users.txt:5",
                        "users.txt:6",
                        "users.txt:7",
                        "users.txt:8",
                        "users.txt:9",
                        "users.txt:10",
                        "users.txt:11");
        assertThat(e.getMessage())
                .contains("alice is already there (users.txt:1)", "at most 508 bytes", "64 digits")
                .doesNotContain("hunter")
                .doesNotContain("0".repeat(32));
    }

    @Test
    void usersWithoutAnAlgorithmInCommonAreRefused() {
        String text = "old: md5:" + hash("MD5", "old") + "\nnew: sha256:" + hash("SHA-256", "new");

        assertThatThrownBy(() -> StaticUsers.ofFile(REALM, "users.txt", text))
                .isInstanceOf(InvalidUsersException.class)
                .hasMessageContaining("users.txt:2: new has only sha256 and old only md5");
    }

    @Test
    void badOptionsAreToldAllAtOnce() {
        assertThatThrownBy(() -> StaticUsers.ofOptions(REALM, List.of("hunter2", "bob:", "carol:x", "carol:y")))
                .isInstanceOf(InvalidUsersException.class)
                .hasMessageContaining("there is no colon")
                .hasMessageContaining("the password is empty")
                .hasMessageContaining("carol is already there")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void nameMayHave508Bytes() {
        assertThat(ServerSide.users("n".repeat(508) + ":x", "\u00e9".repeat(254) + ":x")
                        .size())
                .isEqualTo(2);
    }

    @Test
    void emptyFileHasNoUsersAndNarrowsNoOffer() {
        StaticUsers users = ServerSide.usersFile("# nobody yet\n");

        assertThat(users.size()).isZero();
        assertThat(users.offer()).isEqualTo(SecurityOffer.ALL);
    }

    private static Credential only(StaticUsers users, String name) {
        return users.find(new ClaimedUser.ByName(name)).get(0);
    }

    private static String hash(String algorithm, String name) {
        return digest(algorithm, name + ":" + REALM + ":secret");
    }

    static String digest(String algorithm, String text) {
        try {
            byte[] digest = MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
