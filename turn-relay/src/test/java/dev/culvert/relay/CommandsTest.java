package dev.culvert.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.relay.auth.ClaimedUser;
import dev.culvert.relay.auth.Credential;
import dev.culvert.relay.auth.SharedSecret;
import dev.culvert.relay.auth.SharedSecrets;
import dev.culvert.relay.config.TurnSettings;
import dev.culvert.server.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandsTest {
    private static final String REALM = "example.org";
    private static final String IN_AN_HOUR = "1893459600";

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        198.41.0.4:53                                 | 0 | allowed: no rule denies it
        10.0.0.7:5060                                 | 1 | denied: built-in deny 10.0.0.0/8 (Private-Use, RFC 1918)
        --allow-peer 10.0.0.0/8 10.0.0.7:5060         | 0 | allowed: --allow-peer 10.0.0.0/8
        --deny-peer 198.41.0.0/16:53 198.41.0.4:53    | 1 | denied: --deny-peer 198.41.0.0/16:53
        --deny-peer 198.41.0.0/16:53 198.41.0.4:54    | 0 | allowed: no rule denies it
        127.0.0.1:80                                  | 1 | denied: an address of this server that is no relay address in use
        [::ffff:127.0.0.1]:80                         | 1 | denied: an address of this server that is no relay address in use, read as 127.0.0.1 (IPv4-mapped)
        --listen udp:198.41.0.4:3478 198.41.0.4:1     | 1 | denied: an address of this server that is no relay address in use
        --external-address 198.41.0.4 198.41.0.4:1    | 1 | denied: an address of this server that is no relay address in use
        --external-address 198.41.0.4/198.41.0.5 198.41.0.5:1 | 1 | denied: an address of this server that is no relay address in use
        --relay-address 198.41.0.4 198.41.0.4:50000   | 1 | denied: an address of this server that is no relay address in use
        """)
    void policyTellsTheRuleThatDecides(String arguments, int exitCode, String decision) {
        Invocation asked = Invocation.of(("policy " + arguments.strip()).split(" +"));

        assertThat(asked.errors()).isEmpty();
        assertThat(asked.out()).isEqualTo(decision + System.lineSeparator());
        assertThat(asked.exitCode()).isEqualTo(exitCode);
    }

    @Test
    void demoRunsWhateverIsConfigured() {
        Invocation shown = Invocation.with(Map.of("CULVERT_REALM", REALM), "demo");

        assertThat(shown.errors()).isEmpty();
        assertThat(shown.exitCode()).isZero();
        assertThat(shown.out()).contains("1. A TURN server starts.").doesNotContain("\u001b[");
        assertThat(Invocation.of("demo", "--help").out()).contains("Usage: turn-relay demo", "every step told");
    }

    @Test
    void policyReadsTheFileAndTheEnvironment() throws IOException {
        String file = file("turn.yaml", "allow-peer: [10.0.0.0/8]\n");

        assertThat(Invocation.of("policy", "--config", file, "10.0.0.7:1").exitCode())
                .isZero();
        assertThat(Invocation.of("--config", file, "policy", "10.0.0.7:1").exitCode())
                .isZero();
        assertThat(Invocation.with(Map.of("CULVERT_ALLOW_PEER", "10.0.0.0/8"), "policy", "10.0.0.7:1")
                        .exitCode())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        policy                          | command line: Missing required parameter: 'ADDR:PORT'; see --help
        policy 10.0.0.7                 | ADDR:PORT "10.0.0.7": not an address and a port; write for example 192.0.2.7:5060 or [2001:db8::7]:5060; names are not looked up
        policy peer.example.org:1       | ADDR:PORT "peer.example.org:1": not an address and a port; write for example 192.0.2.7:5060 or [2001:db8::7]:5060; names are not looked up
        policy 10.0.0.7:1 10.0.0.8:1    | command line "10.0.0.8:1": neither an option nor a command; see --help
        policy --allow-peer x 10.0.0.7:1 | --allow-peer "x": "x" is not an IP address; write for example 192.0.2.0/24, 192.0.2.7:5060 or [2001:db8::/32]:5060
        policy --alow-peer=x 10.0.0.7:1 | --alow-peer: no such option; did you mean --allow-peer?
        credentials                     | --shared-secret-file: is missing; name the file of a secret that the server has
        credentials --shared-secret hunter --shared-secret-file f | --shared-secret-file: a secret is given by --shared-secret too; give one of them
        credentials --shared-secret-file /nonexistent | --shared-secret-file "/nonexistent": there is no such file; name a readable file
        credentials --shared-secret hunter --ttl 60 | --ttl "60": the unit is missing; write a number and ms, s, m, h or d, for example 30s
        credentials --shared-secret hunter --uri turn:x | --uri "turn:x": means nothing without --json; add --json
        credentials --shared-secret hunter --json --uri stun:x | --uri "stun:x": not a TURN server; write for example turn:turn.example.org:3478?transport=udp
        credentials --shared-secret hunter --json | --json: no listener names an address; give --uri, for example --uri turn:turn.example.org
        """)
    void whatIsWrongIsToldAndExitsWith2(String arguments, String wrong) {
        Invocation failed = Invocation.of(arguments.strip().split(" +"));

        assertThat(failed.exitCode()).isEqualTo(2);
        assertThat(failed.out()).isEmpty();
        assertThat(failed.errors()).first().isEqualTo("turn-relay: " + wrong);
        assertThat(failed.err()).doesNotContain("hunter");
    }

    @Test
    void credentialsAreThoseThatTheServerTakes() throws IOException {
        String file = file("secret", "north\n");

        Invocation made = Invocation.of("credentials", "--shared-secret-file", file, "--user", "alice", "--ttl", "1h");

        List<String> lines = made.out().lines().toList();
        assertThat(made.exitCode()).isZero();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).isEqualTo("username: " + IN_AN_HOUR + ":alice");
        assertThat(lines.get(1)).startsWith("password: ");
        assertTaken(IN_AN_HOUR + ":alice", lines.get(1).substring("password: ".length()), "alice");
    }

    @Test
    void jsonIsTheConfigurationOfAWebRtcClient() throws IOException {
        Invocation made = Invocation.of(
                "credentials",
                "--shared-secret=north",
                "--shared-secret=south",
                "--user=alice",
                "--json",
                "--uri=turn:turn.example.org",
                "--uri=turns:turn.example.org:443?transport=tcp");

        JsonNode server =
                new ObjectMapper().readTree(made.out()).path("iceServers").path(0);
        assertThat(server.path("urls").toString())
                .isEqualTo("[\"turn:turn.example.org\",\"turns:turn.example.org:443?transport=tcp\"]");
        assertThat(server.path("username").asText()).isEqualTo(IN_AN_HOUR + ":alice");
        assertTaken(server.path("username").asText(), server.path("credential").asText(), "alice");
    }

    @Test
    void listenersThatNameAnAddressAreTheUris() throws IOException {
        String file = file("turn.yaml", """
                listen: ["udp:10.0.0.5:3478", "tcp:10.0.0.6:3478", "tls:[2001:db8::5]:5349", "udp:*:3479"]
                external-address: [203.0.113.5/10.0.0.5, 203.0.113.6]
                shared-secret: [north]
                """);

        Invocation made = Invocation.of("credentials", "--config", file, "--json");

        assertThat(new ObjectMapper()
                        .readTree(made.out())
                        .path("iceServers")
                        .path(0)
                        .path("urls")
                        .toString())
                .isEqualTo("[\"turn:203.0.113.5:3478?transport=udp\",\"turn:203.0.113.6:3478?transport=tcp\","
                        + "\"turns:[2001:db8::5]:5349?transport=tcp\"]");
    }

    @Test
    void theUserOfCredentialsIsNotOneOfTheServer() {
        Map<String, String> environment = Map.of("CULVERT_USER", "bob:builder", "CULVERT_SHARED_SECRET", "north");

        assertThat(Invocation.with(environment, "credentials", "--user", "alice")
                        .out())
                .startsWith("username: " + IN_AN_HOUR + ":alice");
        assertThat(Invocation.with(environment, "credentials").out()).startsWith("username: " + IN_AN_HOUR + "\n");
    }

    @Test
    void helpNamesEveryOptionAndCommand() {
        String help = Invocation.of("--help").out();

        assertThat(TurnSettings.ALL.all()).map(Setting::option).allMatch(help::contains);
        assertThat(help).contains("check", "config", "policy", "credentials", "generate-completion", "--print-config");
        assertThat(Invocation.of("policy", "--help").out())
                .contains("ADDR:PORT", "--config", "--allow-peer", "Which relay ports", "1 denied");
        assertThat(Invocation.of("help", "credentials").out()).contains("--ttl", "--json", "--uri", "--user=ID");
        assertThat(Invocation.of("--version").out()).startsWith("turn-relay ");
        assertThat(Invocation.of("generate-completion").out()).contains("complete", "--relay-ports", "policy", "--ttl");
    }

    private static void assertTaken(String username, String password, String userId) {
        SharedSecrets server = SharedSecrets.of(REALM, List.of(SharedSecret.of("north")));
        Credential known = server.find(new ClaimedUser.ByName(username)).get(0);

        assertThat(known.keys())
                .isEqualTo(Credential.ofPassword(username, REALM, password).keys());
        assertThat(known.userId()).isEqualTo(userId);
        assertThat(known.expiresAtEpochSeconds()).isEqualTo(Long.parseLong(IN_AN_HOUR));
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text).toString();
    }
}
