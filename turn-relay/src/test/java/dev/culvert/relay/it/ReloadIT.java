package dev.culvert.relay.it;

import static dev.culvert.relay.it.PlainClient.SUCCESS;
import static dev.culvert.relay.it.PlainClient.code;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Requirements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that tell who may relay, changed while the server runs. */
@Tag("portable")
class ReloadIT {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** How often the server looks, and some time to do so. */
    private static final Duration WATCH_PERIOD = Duration.ofSeconds(12);

    private static final String WAS_READ = "configuration was read again";
    private static final String STAYS = "what was read before stays in force";
    private static final int UNAUTHORIZED = 401;

    @TempDir
    private Path folder;

    private Path users;
    private Path secret;
    private Path nonceKeys;

    @BeforeEach
    void writeFiles() throws IOException {
        Requirements.linux(); // kill
        users = Files.writeString(folder.resolve("users"), "bob: builder\n");
        secret = Files.writeString(folder.resolve("secret"), "first secret\n");
        nonceKeys = Files.writeString(folder.resolve("nonce-keys"), key(1));
    }

    private TurnServerUnderTest start() throws IOException {
        return TurnServerUnderTest.start(
                new TurnServerOptions()
                        .with("--users-file", users.toString(), "--shared-secret-file", secret.toString())
                        .with("--nonce-key-file", nonceKeys.toString(), "--allow-peer", "127.0.0.0/8"),
                folder);
    }

    @Test
    void usersFileIsWatched() throws Exception {
        try (TurnServerUnderTest server = start();
                EchoPeer peer = new EchoPeer("127.0.0.2");
                PlainClient bob = PlainClient.udp(server, "bob", "builder")) {
            bob.relayed();
            TransportAddress to =
                    TransportAddress.parse(peer.address() + ":" + peer.port()).orElseThrow();
            assertThat(bob.permit(to.ip())).isEqualTo(SUCCESS);
            assertThat(codeFor(server, "carol", "singer")).isEqualTo(UNAUTHORIZED);

            Files.writeString(users, "carol: singer\n");

            await().atMost(WATCH_PERIOD)
                    .pollInterval(Duration.ofMillis(200))
                    .untilAsserted(() -> assertThat(server.program().output()).contains(WAS_READ));
            assertThat(codeFor(server, "carol", "singer")).isEqualTo(SUCCESS);
            assertThat(codeFor(server, "bob", "builder")).isEqualTo(UNAUTHORIZED);
            assertThat(codeFor(server, TurnServerUnderTest.USER, TurnServerUnderTest.PASSWORD))
                    .isEqualTo(SUCCESS);
            // What he has goes on until its time is over, and cannot be made longer.
            bob.send(to, new byte[10]);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(bob.packets()).isEqualTo(1));
            assertThat(bob.refresh(600)).isEqualTo(UNAUTHORIZED);
        }
    }

    @Test
    void brokenUsersFileLeavesTheOneBeforeInForceAndIsNamedInOneLine() throws Exception {
        try (TurnServerUnderTest server = start();
                PlainClient bob = PlainClient.udp(server, "bob", "builder")) {
            bob.relayed();
            Files.writeString(users, "carol: singer\nthis is no user\n");

            server.signal("HUP");

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(server.program().output()).contains(STAYS));
            List<String> lines = server.program()
                    .output()
                    .lines()
                    .filter(line -> line.contains(STAYS))
                    .toList();
            assertThat(lines).hasSize(1);
            assertThat(lines.get(0)).contains(users + ":2", "no colon").doesNotContain("this is no user");
            assertThat(bob.refresh(600)).isEqualTo(SUCCESS);
            assertThat(codeFor(server, "bob", "builder")).isEqualTo(SUCCESS);
            assertThat(codeFor(server, "carol", "singer")).isEqualTo(UNAUTHORIZED);

            Files.writeString(users, "carol: singer\n");
            reload(server);

            assertThat(codeFor(server, "carol", "singer")).isEqualTo(SUCCESS);
        }
    }

    @Test
    void sharedSecretFileIsReadAgain() throws Exception {
        String name = Instant.now().plusSeconds(3600).getEpochSecond() + ":dora";
        try (TurnServerUnderTest server = start()) {
            assertThat(codeFor(server, name, password("first secret", name))).isEqualTo(SUCCESS);
            assertThat(codeFor(server, name, password("second secret", name))).isEqualTo(UNAUTHORIZED);

            Files.writeString(secret, "second secret\n");
            reload(server);

            assertThat(codeFor(server, name, password("first secret", name))).isEqualTo(UNAUTHORIZED);
            assertThat(codeFor(server, name, password("second secret", name))).isEqualTo(SUCCESS);
        }
    }

    @Test
    void noncesUnderTheKeyBeforeAreGoodAndThoseUnderForgottenKeysAreStale() throws Exception {
        try (TurnServerUnderTest server = start();
                PlainClient bob = PlainClient.udp(server, "bob", "builder")) {
            bob.relayed();
            assertThat(bob.challenges()).isEqualTo(1);

            Files.writeString(nonceKeys, key(2) + key(1));
            reload(server);
            assertThat(bob.refresh(600)).isEqualTo(SUCCESS);
            assertThat(bob.challenges()).isEqualTo(1);

            Files.writeString(nonceKeys, key(3) + key(2));
            reload(server);
            assertThat(bob.refresh(600)).isEqualTo(SUCCESS);
            assertThat(bob.challenges()).isEqualTo(2);
        }
    }

    /** Has the files read, and returns when they are in force. */
    private static void reload(TurnServerUnderTest server) throws Exception {
        long before = timesRead(server);
        server.signal("HUP");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(timesRead(server)).isGreaterThan(before));
    }

    private static long timesRead(TurnServerUnderTest server) {
        return server.program()
                .output()
                .lines()
                .filter(line -> line.contains(WAS_READ))
                .count();
    }

    /** What a new client is answered to Allocate. */
    private static int codeFor(TurnServerUnderTest server, String user, String password) throws IOException {
        try (PlainClient client = PlainClient.udp(server, user, password)) {
            int code = code(client.allocate());
            if (code == SUCCESS) {
                client.refresh(0);
            }
            return code;
        }
    }

    private static String key(int digit) {
        return Integer.toString(digit).repeat(64) + "\n";
    }

    private static String password(String secret, String name) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA1"));
        return Base64.getEncoder().encodeToString(mac.doFinal(name.getBytes(UTF_8)));
    }
}
