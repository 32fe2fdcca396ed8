package dev.culvert.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TurnRefusalsTest {
    private static final String HOST = "; write one such as 203.0.113.5 or 2001:db8::5; names are not looked up";

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        --relay-address 0.0.0.0          | --relay-address "0.0.0.0": the unspecified address; write the address of one host
        --relay-address ::               | --relay-address "::": the unspecified address; write the address of one host
        --relay-address 224.0.0.1        | --relay-address "224.0.0.1": a multicast address; write the address of one host
        --relay-address ff02::1          | --relay-address "ff02::1": a multicast address; write the address of one host
        --relay-address 10.0.0.1 --relay-address 10.0.0.2 | --relay-address "10.0.0.2": a second address of this family; give one per family
        --external-address auto          | --external-address "auto": has nobody to ask; give --stun, for example stun:stun.example.org
        --stun stun:192.0.2.1            | --stun "stun:192.0.2.1": means nothing without --external-address auto; give both or none
        --external-address auto --stun turn:192.0.2.1 | --stun "turn:192.0.2.1": asked by UDP alone; write stun:HOST[:PORT]
        --external-address 1.2.3.4/      | --external-address "1.2.3.4/": "" is not an IP address; write PUBLIC or PUBLIC/PRIVATE, for example 203.0.113.5 or 203.0.113.5/10.0.0.5
        --external-address 1.2.3.4/::1   | --external-address "1.2.3.4/::1": one is IPv4, the other IPv6; write two addresses of one family
        --external-address 239.1.1.1     | --external-address "239.1.1.1": a multicast address; write the address of one host
        --external-address 1.2.3.4 --external-address 1.2.3.5 | --external-address "1.2.3.5": a second one for this family; write PUBLIC/PRIVATE
        --external-address 1.2.3.4/10.0.0.1 --external-address 1.2.3.5/10.0.0.1 | --external-address "1.2.3.5/10.0.0.1": a second one for this PRIVATE address; give each PRIVATE address once
        --external-address 1.2.3.4/10.0.0.1 --external-address 1.2.3.4/10.0.0.2 | --external-address "1.2.3.4/10.0.0.2": told in place of two addresses; give each PUBLIC address once
        --external-address 1.2.3.4/10.0.0.1 --relay-address 10.0.0.2 | --external-address "1.2.3.4/10.0.0.1": nothing is relayed on 10.0.0.1; write the address of --relay-address behind the slash
        --relay-ports 50000              | --relay-ports "50000": not MIN-MAX; write for example 49152-65535
        --relay-ports 1023-2000          | --relay-ports "1023-2000": out of range; write ports from 1024 to 65535
        --relay-ports 50000-65536        | --relay-ports "50000-65536": out of range; write ports from 1024 to 65535
        --relay-ports 60000-50000        | --relay-ports "60000-50000": ends before it begins; write 50000-60000
        --relay-ports 3000-4000          | --relay-ports "3000-4000": holds the port of the listener udp:*:3478; give a range or a listener without it
        --listen udp:*:50000             | --relay-ports by default "49152-65535": holds the port of the listener udp:*:50000; give a range or a listener without it
        --listen udp:127.0.0.1:3478 --alternate-address 127.0.0.2 --alternate-port 50000 | --relay-ports by default "49152-65535": holds the port of --alternate-port 50000; give a range or a listener without it
        --allow-peer 10.0.0.1/8          | --allow-peer "10.0.0.1/8": 10.0.0.1 has bits set behind its first 8; write 10.0.0.0/8 for the prefix or 10.0.0.1 for the one address
        --max-lifetime 5m                | --max-lifetime "5m": the default lifetime would be longer than the longest; give --default-lifetime and --max-lifetime, the second no shorter than the first
        --default-lifetime 2h            | --default-lifetime "2h": the default lifetime would be longer than the longest; give --default-lifetime and --max-lifetime, the second no shorter than the first
        --default-lifetime 500ms         | --default-lifetime "500ms": out of range; write 1s to 365d
        --max-allocations 0              | --max-allocations "0": out of range; write a number from 1 to 2147483647
        --max-permissions 65537          | --max-permissions "65537": out of range; write a number from 1 to 65536
        --max-bitrate 8000000            | --max-bitrate "8000000": the unit is missing; write bits per second, for example 500kbit, 8Mbit or 1Gbit, or off
        --max-bitrate-per-user 8MB       | --max-bitrate-per-user "8MB": not a bitrate; write bits per second, for example 500kbit, 8Mbit or 1Gbit, or off
        --max-bitrate-per-allocation 1kbit | --max-bitrate-per-allocation "1kbit": out of range; write 8kbit to 1000Gbit, or off
        --alternate-server 2001:db8::6   | --alternate-server "2001:db8::6": an IPv6 address without brackets; write IP[:PORT][,DOMAIN], for example 203.0.113.6, [2001:db8::6]:3478 or 203.0.113.6:5349,turn.example.org
        --alternate-server [1.2.3.4]     | --alternate-server "[1.2.3.4]": an IPv4 address in brackets; write IP[:PORT][,DOMAIN], for example 203.0.113.6, [2001:db8::6]:3478 or 203.0.113.6:5349,turn.example.org
        --alternate-server 1.2.3.4:0     | --alternate-server "1.2.3.4:0": "1.2.3.4:0" is not IP or IP:PORT; write IP[:PORT][,DOMAIN], for example 203.0.113.6, [2001:db8::6]:3478 or 203.0.113.6:5349,turn.example.org
        --alternate-server 1.2.3.4,      | --alternate-server "1.2.3.4,": "" is not a domain name; write IP[:PORT][,DOMAIN], for example 203.0.113.6, [2001:db8::6]:3478 or 203.0.113.6:5349,turn.example.org
        --alternate-server 0.0.0.0       | --alternate-server "0.0.0.0": the unspecified address; write the address of one host
        --alternate-server 1.2.3.4 --alternate-server 1.2.3.5:1 | --alternate-server "1.2.3.5:1": a second address of this family; give one per family
        --users-file /nonexistent        | --users-file "/nonexistent": there is no such file; name a readable file
        --shared-secret-file /nonexistent | --shared-secret-file "/nonexistent": there is no such file; name a readable file
        --nonce-key-file /nonexistent    | --nonce-key-file "/nonexistent": there is no such file; name a readable file
        --user hunter2                   | --user: there is no colon; write NAME:PASSWORD
        --user bob:                      | --user: the password is empty
        --user alice:hunter2             | --user: the user alice is already there (--user); write each user once
        --proxy-protocol=maybe           | --proxy-protocol "maybe": neither true nor false; write true or false
        """)
    void whatIsWrongIsToldInOneLine(String options, String wrong) {
        Invocation failed = ofSound(options.strip().split(" +"));

        assertThat(failed.exitCode()).isEqualTo(2);
        assertThat(failed.errors()).containsExactly("turn-relay: " + wrong);
        assertThat(failed.err()).doesNotContain("hunter");
        assertThat(failed.served()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--relay-address 10.0.0.1 --relay-address 2001:db8::1",
                "--external-address 1.2.3.4 --external-address 1.2.3.5/10.0.0.1",
                "--external-address 1.2.3.4/10.0.0.1 --external-address 1.2.3.5/10.0.0.2",
                "--external-address 1.2.3.4/10.0.0.1 --relay-address 2001:db8::1",
                "--listen udp:127.0.0.1:50000 --relay-address 127.0.0.2",
                "--listen tcp:*:50000",
                "--listen udp:*:0",
                "--relay-ports 1024-1024",
                "--max-bitrate 8mbit/s",
                "--max-lifetime 10m",
                "--alternate-server 1.2.3.4 --alternate-server [2001:db8::6]:5349,turn.example.org",
                "--end-with-credential --shared-secret north --shared-secret south"
            })
    void whatIsRightStarts(String options) {
        assertThat(ofSound(options.split(" ")).errors()).isEmpty();
    }

    @Test
    void withoutAuthenticationTheServerDoesNotStart() {
        Invocation failed = Invocation.of("check");

        assertThat(failed.exitCode()).isEqualTo(2);
        assertThat(failed.errors())
                .containsExactly(
                        "turn-relay: --realm: is missing; give one, for example --realm example.org",
                        "turn-relay: authentication: nobody is known; give --user, --users-file, --shared-secret or"
                                + " --shared-secret-file, or --insecure-no-auth on a test bench");
    }

    @ParameterizedTest
    @CsvSource({
        "--user=alice:hunter2,--user",
        "--shared-secret=hunter2,--shared-secret",
        "--nonce-key-file=keys,--nonce-key-file",
        "--end-with-credential,--end-with-credential"
    })
    void credentialsBesideAnOpenServerAreRefused(String option, String name) {
        Invocation failed = Invocation.of("--insecure-no-auth", option);

        assertThat(failed.exitCode()).isEqualTo(2);
        assertThat(failed.errors())
                .contains("turn-relay: " + name + ": means nothing beside --insecure-no-auth; give one of them");
        assertThat(failed.err()).doesNotContain("hunter");
    }

    @Test
    void theCommandLineCanTakeBackAnOpenServer() throws IOException {
        String file = file("open.yaml", "insecure-no-auth: true\n");

        assertThat(Invocation.of("--config", file, "--insecure-no-auth=false", "--realm=r", "--user=alice:wonder")
                        .errors())
                .isEmpty();
        assertThat(Invocation.of("--insecure-no-auth", "--end-with-credential=false")
                        .errors())
                .isEmpty();
    }

    @Test
    void aRealmIsRefusedThatClientsCannotTake() {
        Invocation failed = Invocation.of("--realm", "a\"b", "--user", "alice:wonder");

        assertThat(failed.errors())
                .containsExactly("turn-relay: --realm \"a\"b\": not a realm; write 1 to 127 characters without quotes,"
                        + " backslashes and control characters, for example example.org");
    }

    @Test
    void everythingThatFilesHoldIsCheckedAtOnce() throws IOException {
        String config = file("turn.yaml", "realm: r\nuser:\n  - alice:hunter1\n  - hunter2\n");
        String users = file("users", "bob: hunter3\nbob: hunter4\nalice: hunter5\n");
        String secret = file("secret", "hunter6\nhunter7\n");
        String empty = file("empty", "\n");
        String keys = file("keys", "hunter8\n");

        Invocation failed = Invocation.of(
                "--config",
                config,
                "--users-file",
                users,
                "--shared-secret-file",
                secret,
                "--shared-secret-file",
                empty,
                "--nonce-key-file",
                keys,
                "--relay-ports=1");

        assertThat(failed.errors())
                .containsExactly(
                        "turn-relay: --relay-ports \"1\": not MIN-MAX; write for example 49152-65535",
                        "turn-relay: " + config + ":4: user: there is no colon; write NAME:PASSWORD",
                        "turn-relay: " + users + ":2: the user bob is already there (" + users
                                + ":1); write each user once",
                        "turn-relay: " + users + ":3: the user alice is already there (" + config
                                + ":3: user); write each user once",
                        "turn-relay: --shared-secret-file \"" + secret + "\": the file of a shared secret has one line;"
                                + " give several files to rotate",
                        "turn-relay: --shared-secret-file \"" + empty + "\": the shared secret is empty",
                        "turn-relay: --nonce-key-file \"" + keys + "\": line 1 is not a key; write one line of 64"
                                + " hexadecimal digits for the current key and one for the previous");
        assertThat(failed.err()).doesNotContain("hunter");
    }

    @Test
    void aSecretThatIsNoneIsNotShown() {
        assertThat(ofSound("--shared-secret", " ").errors())
                .containsExactly("turn-relay: --shared-secret: is empty; give a secret that nobody can guess");
        assertThat(ofSound("--relay-address", "turn.example.org").errors())
                .containsExactly("turn-relay: --relay-address \"turn.example.org\": \"turn.example.org\" is not an IP"
                        + " address" + HOST);
    }

    private static Invocation ofSound(String... more) {
        Stream<String> sound = Stream.of("--realm", "example.org", "--user", "alice:wonder");
        return Invocation.of(Stream.concat(sound, Arrays.stream(more)).toArray(String[]::new));
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text).toString();
    }
}
