package dev.culvert.relay.convert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.culvert.server.config.Problem;
import dev.culvert.server.config.Problems;
import dev.culvert.testkit.SchemaCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConversionTest {
    private static final Path FILE = Path.of("/etc/turnserver.conf");

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        listening-port=3480                         | listen: ["udp:*:3480", "tcp:*:3480"]
        listening-ip=192.0.2.5, listening-ip=2001:db8::5 | listen: ["udp:192.0.2.5:3478", "tcp:192.0.2.5:3478", "udp:[2001:db8::5]:3478", "tcp:[2001:db8::5]:3478"]
        listening-ip=0.0.0.0                        | listen: ["udp:*:3478", "tcp:*:3478"]
        no-tcp                                      | listen: ["udp:*:3478"]
        no-udp                                      | listen: ["tcp:*:3478"]
        no-udp=no                                   | listen: ["udp:*:3478", "tcp:*:3478"]
        cert=/c, pkey=/k                            | listen: ["udp:*:3478", "tcp:*:3478", "tls:*:5349"]
        cert=/c, pkey=/k, no-tls                    | listen: ["udp:*:3478", "tcp:*:3478"]
        cert=/c, pkey=/k, tls-listening-port=3478   | listen: ["udp:*:3478", "tls:*:3478"]
        cert=c.pem, pkey=../k.pem                   | tls-key: [/k.pem]
        cert=c.pem, pkey=k.pem                      | tls-certificate: [/etc/c.pem]
        aux-server=[2001:db8::5]:33478, no-tcp      | listen: ["udp:*:3478", "udp:[2001:db8::5]:33478"]
        relay-ip=192.0.2.5, relay-ip=192.0.2.6, relay-ip=2001:db8::5 | relay-address: [192.0.2.5, "2001:db8::5"]
        external-ip=198.51.100.5                    | external-address: [198.51.100.5]
        external-ip=198.51.100.5/192.0.2.5, external-ip=198.51.100.6/192.0.2.6 | external-address: [198.51.100.5/192.0.2.5, 198.51.100.6/192.0.2.6]
        relay-ip=192.0.2.5, external-ip=198.51.100.5/192.0.2.5, external-ip=198.51.100.6/192.0.2.6 | external-address: [198.51.100.5/192.0.2.5]
        min-port=50000, max-port=50999              | relay-ports: 50000-50999
        min-port=50000                              | relay-ports: 50000-65535
        min-port=0, max-port=9999                   | relay-ports: 3479-9999
        listening-port=50000, no-tcp                | relay-ports: 50001-65535
        relay-threads=0                             | threads: 1
        relay-threads 4                             | threads: 4
        realm="example.org"                         | realm: example.org
        user-quota=12                               | max-allocations-per-user: 12
        total-quota=1200                            | max-allocations: 1200
        max-bps=64000                               | max-bitrate-per-allocation: 1024kbit
        max-bps=1                                   | max-bitrate-per-allocation: 8kbit
        bps-capacity=12500000000                    | max-bitrate: 200000000kbit
        max-allocate-lifetime=300                   | default-lifetime: 300s
        max-allocate-lifetime=7200                  | max-lifetime: 7200s
        no-auth                                     | insecure-no-auth: true
        static-auth-secret=north, static-auth-secret=south | shared-secret: [north, south]
        user=alice:wonder:land                      | user: ["alice:wonder:land"]
        user=alice: one, user=bob:two, user=alice:three | user: ["alice:three", "bob:two"]
        allowed-peer-ip=10.0.0.0-10.0.0.255         | allow-peer: [10.0.0.0/24]
        denied-peer-ip=192.0.2.0-192.0.2.7, allowed-peer-ip=192.0.2.4 | deny-peer: [192.0.2.0/30, 192.0.2.5/32, 192.0.2.6/31]
        no-tls                                      | rfc5766-channel-numbers: true
        prometheus, prometheus-port=9700            | admin: "127.0.0.1:9700"
        Verbose                                     | log-level: debug
        """)
    void optionsBecomeSettings(String options, String entry) {
        assertThat(converted(options.replaceAll(", *", "\n")).lines()).contains(entry);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        no-auth, lt-cred-mech                  | insecure-no-auth
        no-auth, user=alice:wonderland         | insecure-no-auth
        no-auth, static-auth-secret=north      | insecure-no-auth
        user=alice:secret, use-auth-secret     | user
        user=alice:0x11111111111111111111111111111111 | user
        alternate-server=192.0.2.6             | alternate-server
        denied-peer-ip=192.0.2.4, allowed-peer-ip=192.0.2.0-192.0.2.7 | deny-peer
        max-bps=0                              | max-bitrate-per-allocation
        allow-loopback-peers                   | allow-peer
        total-quota=0                          | max-allocations
        """)
    void whatWouldOpenMoreThanCoturnDidIsNotSet(String options, String setting) {
        assertThat(converted(options.replaceAll(", *", "\n")).lines())
                .noneMatch(line -> line.startsWith(setting + ":"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        listening-port=many        | listening-port "many": not a whole number; write a number from 1 to 65535
        listening-ip=eth0          | listening-ip "eth0": not an IP address; write one such as 203.0.113.5 or 2001:db8::5; names are not looked up
        aux-server=192.0.2.5       | aux-server "192.0.2.5": not IP:PORT; write for example 192.0.2.5:5555 or [2001:db8::5]:5555
        external-ip=here           | external-ip "here": "here" is not an IP address; write PUBLIC or PUBLIC/PRIVATE, for example 203.0.113.5 or 203.0.113.5/10.0.0.5
        no-udp=perhaps             | no-udp "perhaps": neither on nor off; write on or off, or nothing
        max-bps=1M                 | max-bps "1M": not a whole number; write bytes per second, or 0 for no limit
        user=alice                 | user: is no NAME:PASSWORD; write both, with a colon between them
        user=alice:0x1234          | user: its key is not hexadecimal of the right length; write 0x and 32 digits
        static-auth-secret=        | static-auth-secret: is empty; give a secret that nobody can guess
        denied-peer-ip=10.0.0.9-10.0.0.1 | denied-peer-ip "10.0.0.9-10.0.0.1": ends before it begins; write 10.0.0.1-10.0.0.9
        """)
    void whatCannotBeReadIsToldWithItsLine(String line, String problem) {
        Problems problems = new Problems();

        ConvertCommand.convert(FILE, "# coturn\n\n" + line, problems);

        assertThat(problems.list()).extracting(Problem::toString).containsExactly("/etc/turnserver.conf:3: " + problem);
    }

    @Test
    void everythingThatCannotBeReadIsToldAtOnce() {
        Problems problems = new Problems();

        ConvertCommand.convert(FILE, "min-port=x\nuser=bob\nrelay-ip=y\n", problems);

        assertThat(problems.list()).hasSize(3);
    }

    @Test
    void aConvertedFileSaysWhereEachSettingComesFromAndWhatBecameOfTheRest() {
        String yaml = converted("""
                # A relay behind a 1:1 NAT.
                listening-port=3478
                tls-listening-port = 443
                external-ip=198.51.100.5/10.0.0.5
                use-auth-secret
                static-auth-secret=correct horse
                realm=example.org
                cert=/etc/ssl/turn.pem
                pkey=/etc/ssl/turn.key
                mobility
                colour=blue
                no-cli
                cli-password=hunter2
                """);

        assertThat(yaml)
                .contains("chmod 600")
                .contains("\n# listening-port, tls-listening-port (lines 2, 3): each port takes one of TCP and TLS,")
                .contains("\nlisten: [\"udp:*:3478\", \"tcp:*:3478\", \"tls:*:443\"]\n")
                .contains("\n# external-ip (line 4)\nexternal-address: [198.51.100.5/10.0.0.5]\n")
                .contains("\n# use-auth-secret, static-auth-secret (lines 5, 6): ")
                .contains("\nshared-secret: [\"correct horse\"]\n")
                .contains("\n# - line 10, mobility: mobility (RFC 8016) is not served\n")
                .contains("\n# - line 11, colour: no option that this program knows of coturn")
                .contains("# - coturn relays TCP too")
                .doesNotContain("hunter2");
        assertThat(yaml.lines()).allMatch(line -> !line.startsWith("#") || line.length() <= 120);
    }

    @Test
    void aConvertedFileFitsTheSchema() throws IOException {
        Path schema = Path.of("..", "docs", "schema", "turn-relay.config.schema.json");
        String all = ConvertedOptionsTest.options().collect(Collectors.joining("\n"));
        Problems problems = new Problems();

        String yaml = ConvertCommand.convert(FILE, all.replaceAll("(?m)^no-(udp|tcp)$", ""), problems);

        assertThat(SchemaCheck.problems(
                        new ObjectMapper().readTree(Files.readString(schema)),
                        new ObjectMapper(new YAMLFactory()).readTree(yaml)))
                .isEmpty();
    }

    @Test
    void nothingInTheFileEndsACommentOrAQuote() throws IOException {
        String file = """
                re^alm: [x]=1
                user=alice:"quote\\ # and ^ more
                realm=a: b
                mobility=~no
                """;

        String yaml = converted(file.replace('^', '\u2028').replace('~', '\u0085'));

        JsonNode read = new ObjectMapper(new YAMLFactory()).readTree(yaml);
        assertThat(read.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "listen", "user", "realm", "max-allocations-per-user", "rfc5766-channel-numbers");
        assertThat(read.path("user").path(0).asText()).isEqualTo("alice:\"quote\\ # and \u2028 more");
    }

    private static String converted(String file) {
        Problems problems = new Problems();
        String yaml = ConvertCommand.convert(FILE, file, problems);
        assertThat(problems.list()).isEqualTo(List.of());
        return yaml;
    }
}
