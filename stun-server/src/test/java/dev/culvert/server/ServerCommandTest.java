package dev.culvert.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.server.config.ServerConfig;
import dev.culvert.server.config.ServerConfig.Listener;
import dev.culvert.server.config.ServerConfig.Log;
import dev.culvert.server.config.ServerConfig.RateLimit;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerCommandTest {
    @TempDir
    Path directory;

    @Test
    void withoutOptionsTheDefaultsApply() {
        ServerConfig config = Invocation.of().config();

        assertThat(config.listeners())
                .containsExactly(
                        new Listener(Transport.UDP, Optional.empty(), 3478),
                        new Listener(Transport.TCP, Optional.empty(), 3478));
        assertThat(config.alternateAddresses()).isEmpty();
        assertThat(config.alternatePort()).isEqualTo(3479);
        assertThat(config.receipts()).isFalse();
        assertThat(config.unauthenticatedRate()).contains(new RateLimit(50, 100));
        assertThat(config.connections())
                .isEqualTo(new ServerConfig.ConnectionLimits(
                        10_000, 200, Duration.ofMinutes(10), Duration.ofSeconds(10), false));
        assertThat(config.threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(config.admin().address()).map(TransportAddress::toString).contains("127.0.0.1:9642");
        assertThat(config.admin().given()).isFalse();
        assertThat(config.drainTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.log()).isEqualTo(new Log(Log.Level.INFO, Log.Format.TEXT, Log.Addresses.PREFIX));
    }

    @Test
    void laterLayersWinAndReplaceListsAsAWhole() throws IOException {
        Path file = file("layers.yaml", "listen: [udp:*:1, udp:*:2]\nthreads: 1\nmax-connections: 7\nreceipts: true\n");
        Map<String, String> environment = Map.of("CULVERT_LISTEN", "udp:*:3\n tcp:*:4\n", "CULVERT_THREADS", "2");

        ServerConfig config = Invocation.with(environment, "--config", file.toString(), "--threads", "3")
                .config();

        assertThat(config.listeners()).extracting(Listener::port).containsExactly(3, 4);
        assertThat(config.threads()).isEqualTo(3);
        assertThat(config.connections().max()).isEqualTo(7);
        assertThat(config.receipts()).isTrue();
    }

    @Test
    void theCommandLineCanTakeBackWhatAFileSwitchedOn() throws IOException {
        Path file = file("on.yaml", "receipts: true\n");

        assertThat(Invocation.of("--config", file.toString(), "--receipts=false")
                        .config()
                        .receipts())
                .isFalse();
        assertThat(Invocation.of("--receipts").config().receipts()).isTrue();
    }

    @Test
    void jsonIsReadAsYamlIs() throws IOException {
        Path file = file("server.json", "{\"listen\": [\"udp:[::1]:5000\"], \"threads\": 2, \"receipts\": true}");

        ServerConfig config = Invocation.of("--config", file.toString()).config();

        assertThat(config.listeners()).containsExactly(new Listener(Transport.UDP, IpAddress.parse("::1"), 5000));
        assertThat(config.receipts()).isTrue();
    }

    @Test
    void theConfigurationFileMayBeNamedInTheEnvironment() throws IOException {
        Path file = file("named.yaml", "threads: 5\n");

        assertThat(Invocation.with(Map.of("CULVERT_CONFIG", file.toString()))
                        .config()
                        .threads())
                .isEqualTo(5);
    }

    @Test
    void adminCanBeSwitchedOffInEveryLayer() throws IOException {
        Path off = file("off.yaml", "admin: off\n");
        Path noAdmin = file("no.yaml", "no-admin: true\n");

        assertThat(Invocation.of("--no-admin").config().admin().address()).isEmpty();
        assertThat(Invocation.of("--config", off.toString()).config().admin().address())
                .isEmpty();
        assertThat(Invocation.of("--config", noAdmin.toString())
                        .config()
                        .admin()
                        .address())
                .isEmpty();
        assertThat(Invocation.with(Map.of("CULVERT_NO_ADMIN", "true"))
                        .config()
                        .admin()
                        .address())
                .isEmpty();
        assertThat(Invocation.of("--config", noAdmin.toString(), "--admin", "127.0.0.1:1")
                        .config()
                        .admin()
                        .given())
                .isTrue();
    }

    @Test
    void everyProblemOfEveryLayerIsReportedAtOnce() throws IOException {
        Path file = file("bad.yaml", "# comment\nlisten:\n  - udp:*:3478\n  - sctp:*:1\nthread: 4\nidle-timeout: 10\n");
        Map<String, String> environment = Map.of("CULVERT_MAX_CONECTIONS", "5", "CULVERT_LOG_LEVEL", "loud");

        Invocation failed = Invocation.with(
                environment,
                "--config",
                file.toString(),
                "--alternate-port",
                "70000",
                "--lissten",
                "udp:*:1",
                "--receipts=maybe");

        assertThat(failed.exitCode()).isEqualTo(2);
        assertThat(failed.out()).isEmpty();
        assertThat(failed.errors())
                .containsExactlyInAnyOrder(
                        "stun-server: --lissten: no such option; did you mean --listen?",
                        "stun-server: " + file + ":5: thread: no such setting; did you mean threads?",
                        "stun-server: CULVERT_MAX_CONECTIONS: no such setting; did you mean CULVERT_MAX_CONNECTIONS?",
                        "stun-server: " + file + ":4: listen \"sctp:*:1\": does not begin with udp:, tcp: or tls:;"
                                + " write for example udp:*:3478 or tls:[2001:db8::5]:5349",
                        "stun-server: " + file + ":6: idle-timeout \"10\": the unit is missing;"
                                + " write a number and ms, s, m, h or d, for example 30s",
                        "stun-server: CULVERT_LOG_LEVEL \"loud\": not known;"
                                + " write one of error, warn, info, debug, trace",
                        "stun-server: --alternate-port \"70000\": out of range; write a number from 0 to 65535",
                        "stun-server: --receipts \"maybe\": neither true nor false; write true or false");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        --listen dtls:*:5349                  | DTLS comes in a later version
        --listen udp:1.2.3.4                  | the port is missing
        --listen udp:3478                     | is not an IP address
        --listen udp:2001:db8::5:3478         | an IPv6 address without brackets
        --listen udp:1.2.3.4:66000            | the port is not a number from 0 to 65535
        --listen udp:example.org:3478         | "example.org" is not an IP address
        --listen udp:0.0.0.0:3478             | the unspecified address
        --listen udp:*:1 --listen udp:*:1     | the same addresses and port as udp:*:1
        --listen tcp:*:1 --listen tls:127.0.0.1:1 | the same addresses and port as tcp:*:1
        --listen tls:*:5349                   | TLS needs a certificate
        --alternate-address 127.0.0.2         | no UDP listener names an IPv4 address
        --alternate-address ::2 --listen udp:127.0.0.1:1 | no UDP listener names an IPv6 address
        --alternate-address 127.0.0.1 --listen udp:127.0.0.1:1 | a listener's own address
        --alternate-address 127.0.0.2 --alternate-address 127.0.0.3 --listen udp:127.0.0.1:1 | a second address of this family
        --alternate-address 127.0.0.2 --listen udp:127.0.0.1:3479 | the listener's own port
        --alternate-address localhost         | not an IP address
        --unauthenticated-rate 0              | out of range
        --unauthenticated-rate 50/m           | not a rate
        --threads 0                           | out of range
        --threads two                         | not a whole number
        --threads 99999999999999999999        | out of range
        --threads 1 --threads 2               | given more than once
        --idle-timeout 0s                     | out of range
        --idle-timeout 10y                    | not a duration
        --admin 9642                          | not ADDR:PORT
        --admin 0.0.0.0:9642                  | reachable from other hosts without a token
        --admin 127.0.0.1:1 --no-admin        | contradicts
        --admin-token-file /nonexistent       | there is no such file
        --tls-certificate /nonexistent        | has no key
        --tls-certificate /nonexistent --tls-key /nonexistent | there is no such file
        --tls-key /nonexistent                | has no certificate
        --config /nonexistent.yaml            | there is no such file
        --threads                             | Missing required parameter
        sevre                                 | neither an option nor a command
        chek                                  | did you mean check?
        -x                                    | -x: no such option; see --help
        config                                | --example
        """)
    void whatIsWrongIsNamedAndExitsWith2(String commandLine, String wrong) {
        Invocation failed = Invocation.of(commandLine.strip().split(" +"));

        assertThat(failed.exitCode()).isEqualTo(2);
        assertThat(failed.served()).isEmpty();
        assertThat(failed.errors()).allMatch(line -> line.startsWith("stun-server: "));
        assertThat(failed.err()).contains(wrong);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        'threads:\\n'                 | :1: threads: has no value
        'threads: {a: 1}'             | :1: threads: holds a nested object
        'listen: [udp:*:1, {a: 1}]'   | :1: listen: holds a nested object
        'threads: 1\\nthreads: 2'     | :2
        '- a'                         | :1: no keys
        'listen: []'                  | no listener
        'threads: []'                 | an empty list
        'listen: "unclosed'           | :1
        'listen:\\n\\t- udp:*:1'       | :2: while scanning for the next token, found character
        'threads: 1\\n---\\nthreads: 2' | a second document
        'admin: off\\nno-admin: true' | contradicts
        'no-admin: perhaps'           | neither true nor false
        """)
    void aMalformedFileIsNamedWithTheLine(String text, String wrong) throws IOException {
        Path file = file("malformed.yaml", text.replace("\\n", "\n").replace("\\t", "\t"));

        Invocation failed = Invocation.of("check", "--config", file.toString());

        assertThat(failed.exitCode()).isEqualTo(2);
        assertThat(failed.errors()).hasSize(1);
        assertThat(failed.err()).contains(wrong);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--listen udp:*:0 --listen udp:*:0",
                "--listen udp:[2001:db8::5]:3478 --listen udp:192.0.2.1:3478 --listen tcp:*:3478",
                "--listen UDP:*:3478",
                "--listen udp:*:3478 --listen udp:192.0.2.1:3478 --alternate-address 192.0.2.2",
                "--listen udp:127.0.0.1:0 --alternate-address 127.0.0.2 --alternate-port 0",
                "--alternate-address 127.0.0.2 --listen udp:127.0.0.1:3478 --listen tcp:*:3479",
                "--unauthenticated-rate off",
                "--unauthenticated-rate 7",
                "--drain-timeout 0s",
                "--admin [::1]:0",
                "--log-level DEBUG"
            })
    void whatIsRightStarts(String commandLine) {
        assertThat(Invocation.of(commandLine.split(" ")).served()).isPresent();
    }

    @Test
    void variablesOfOtherThingsAreNotSettings() {
        Map<String, String> environment = Map.of(
                "PATH", "/bin",
                "CULVERT_JAVA", "/usr/bin/java",
                "CULVERT_SERVICE_HOST", "10.0.0.1",
                "CULVERT_PORT_3478_UDP_ADDR", "10.0.0.1",
                "CULVERT_THREADS", "");

        assertThat(Invocation.with(environment).served()).isPresent();
    }

    @Test
    void aTokenOpensAdminToOtherHosts() throws IOException {
        Path token = file("token", "s3cret\n");

        ServerConfig config = Invocation.of("--admin", "0.0.0.0:9642", "--admin-token-file", token.toString())
                .config();

        assertThat(config.admin().tokenFile()).contains(token.toString());
        assertThat(config.admin().given()).isTrue();
    }

    @Test
    void checkReportsAndNeverStarts() throws IOException {
        Invocation valid =
                Invocation.of("check", "--config", file("ok.yaml", "threads: 1").toString());
        Invocation invalid =
                Invocation.of("check", "--config", file("no.yaml", "threads: x").toString());

        assertThat(valid.exitCode()).isZero();
        assertThat(valid.served()).isEmpty();
        assertThat(invalid.exitCode()).isEqualTo(2);
        assertThat(invalid.errors()).hasSize(1);
    }

    @Test
    void helpNamesEveryOptionAndItsDefault() {
        Invocation help = Invocation.of("--help");

        assertThat(help.exitCode()).isZero();
        assertThat(help.out())
                .contains(
                        "--listen", "--no-admin", "--print-config", "number of cores", "check", "generate-completion");
        assertThat(Invocation.of("help", "check").out()).contains("--config");
        assertThat(Invocation.of("--version").out()).startsWith("stun-server ");
        assertThat(Invocation.of("generate-completion").out()).contains("complete", "--listen");
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }
}
