package dev.culvert.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.auth.ClaimedUser;
import dev.culvert.relay.config.RelayConfig;
import dev.culvert.relay.config.RelayConfig.Addresses;
import dev.culvert.relay.config.RelayConfig.ExternalAddress;
import dev.culvert.relay.config.RelayConfig.Limits;
import dev.culvert.relay.core.Alternate;
import dev.culvert.relay.policy.PeerRule;
import dev.culvert.stun.ChannelData;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.StunUri;
import dev.culvert.stun.TransportAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TurnSettingsTest {
    private static final String[] LEAST = {"--realm", "example.org", "--user", "alice:wonder"};

    @TempDir
    Path directory;

    @Test
    void withLittleGivenTheDefaultsApply() {
        RelayConfig config = Invocation.of(LEAST).config();

        assertThat(config.server().listeners()).hasSize(2);
        assertThat(config.server().admin().address())
                .map(TransportAddress::toString)
                .contains("127.0.0.1:9641");
        assertThat(config.server().admin().given()).isFalse();
        assertThat(config.server().connections().proxyProtocol()).isFalse();
        assertThat(config.access().realm()).isEqualTo("example.org");
        assertThat(config.access().insecureOpen()).isFalse();
        assertThat(config.addresses()).isEqualTo(new Addresses(List.of(), List.of(), Optional.empty(), 49152, 65535));
        assertThat(config.peerRules()).isEmpty();
        assertThat(config.protocol().defaultLifetimeSeconds()).isEqualTo(600);
        assertThat(config.protocol().maxLifetimeSeconds()).isEqualTo(3600);
        assertThat(config.protocol().maxPermissions()).isEqualTo(256);
        assertThat(config.protocol().maxChannels()).isEqualTo(256);
        assertThat(config.protocol().maxChannelNumber()).isEqualTo(ChannelData.MAX_NUMBER);
        assertThat(config.protocol().endsWithCredential()).isFalse();
        assertThat(config.limits().maxAllocations()).isPositive();
        assertThat(config.limits().maxAllocationsPerUser()).isEqualTo(64);
        assertThat(config.limits().bitsPerSecond()).isEmpty();
        assertThat(config.limits().bitsPerSecondPerUser()).isEmpty();
        assertThat(config.limits().bitsPerSecondPerAllocation()).isEmpty();
        assertThat(config.alternates()).isEmpty();
    }

    @Test
    void everySettingReachesTheConfiguration() throws Exception {
        RelayConfig config = Invocation.of("--config", file("turn.yaml", """
                                realm: example.org
                                user: ["alice:wonder"]
                                end-with-credential: true
                                relay-address: [10.0.0.5, "2001:db8::5"]
                                external-address: [203.0.113.5/10.0.0.5, auto]
                                stun: stun:stun.example.org
                                relay-ports: 50000-50999
                                allow-peer: [10.0.0.0/8]
                                deny-peer: ["192.0.2.0/24:25"]
                                rfc5766-channel-numbers: true
                                max-lifetime: 2h
                                default-lifetime: 5m
                                max-allocations: 1000
                                max-allocations-per-user: 3
                                max-permissions: 4
                                max-channels: 5
                                max-bitrate-per-allocation: 500kbit
                                max-bitrate-per-user: 1.5Mbit/s
                                max-bitrate: 1Gbit
                                alternate-server: [203.0.113.6, "[2001:db8::6]:5349,turn.example.org"]
                                proxy-protocol: true
                                """)).config();

        assertThat(config.server().connections().proxyProtocol()).isTrue();
        assertThat(config.addresses())
                .isEqualTo(new Addresses(
                        List.of(ip("10.0.0.5"), ip("2001:db8::5")),
                        List.of(new ExternalAddress(ip("203.0.113.5"), Optional.of(ip("10.0.0.5")))),
                        Optional.of(StunUri.parse("stun:stun.example.org")),
                        50000,
                        50999));
        assertThat(config.peerRules()).containsExactly(PeerRule.allow("10.0.0.0/8"), PeerRule.deny("192.0.2.0/24:25"));
        assertThat(config.protocol().maxLifetimeSeconds()).isEqualTo(7200);
        assertThat(config.protocol().defaultLifetimeSeconds()).isEqualTo(300);
        assertThat(config.protocol().maxPermissions()).isEqualTo(4);
        assertThat(config.protocol().maxChannels()).isEqualTo(5);
        assertThat(config.protocol().maxChannelNumber()).isEqualTo(ChannelData.MAX_NUMBER_RFC5766);
        assertThat(config.protocol().endsWithCredential()).isTrue();
        assertThat(config.limits())
                .isEqualTo(new Limits(
                        1000, 3, OptionalLong.of(500_000), OptionalLong.of(1_500_000), OptionalLong.of(1_000_000_000)));
        assertThat(config.alternates())
                .containsExactly(
                        new Alternate(new TransportAddress(ip("203.0.113.6"), 3478), ""),
                        new Alternate(new TransportAddress(ip("2001:db8::6"), 5349), "turn.example.org"));
    }

    @Test
    void laterLayersWinAndListsAreReplacedAsAWhole() throws IOException {
        String file = file("turn.yaml", "realm: a\nuser: [alice:1, bob:2]\nmax-channels: 7\nmax-bitrate: 8Mbit\n");
        Map<String, String> environment = Map.of("CULVERT_USER", "carol:3\ndave:4", "CULVERT_REALM", "b");

        RelayConfig config = Invocation.with(environment, "--config", file, "--realm", "c", "--max-bitrate", "off")
                .config();

        assertThat(config.access().realm()).isEqualTo("c");
        assertThat(knows(config, "alice")).isFalse();
        assertThat(knows(config, "carol")).isTrue();
        assertThat(knows(config, "dave")).isTrue();
        assertThat(config.protocol().maxChannels()).isEqualTo(7);
        assertThat(config.limits().bitsPerSecond()).isEmpty();
    }

    @Test
    void usersSecretsAndNonceKeysAreRead() throws IOException {
        RelayConfig config = Invocation.of(
                        "--realm=r",
                        "--users-file",
                        file("users", "bob: builder\n"),
                        "--shared-secret-file",
                        file("secret", "north\n"),
                        "--nonce-key-file",
                        file("keys", "0".repeat(64)))
                .config();

        assertThat(knows(config, "alice")).isFalse();
        assertThat(knows(config, "bob")).isTrue();
        assertThat(knows(config, "1893456000:anyone")).isTrue();
        assertThat(config.access().nonceKeys()).isPresent();
    }

    @Test
    void aFileThatIsNoGoodIsNamedWithoutWhatItHolds() throws IOException {
        String users = file("users", "hunter2\n");
        String keys = file("keys", "hunter3\n");

        List<String> errors = Invocation.of("--realm=r", "--users-file", users, "--nonce-key-file", keys)
                .errors();

        assertThat(errors).hasSize(2).noneMatch(line -> line.contains("hunter"));
        assertThat(errors.get(0))
                .endsWith(users + ":1: there is no colon; write name: password, name: md5:HEX or name: sha256:HEX");
        assertThat(errors.get(1)).contains("--nonce-key-file \"" + keys + "\": line 1 is not a key; ");
    }

    @Test
    void withoutAFileThereAreNoNonceKeysToShare() {
        assertThat(Invocation.of(LEAST).config().access().nonceKeys()).isEmpty();
    }

    @Test
    void aTestBenchNeedsNeitherRealmNorUsers() {
        RelayConfig config = Invocation.of("--insecure-no-auth").config();

        assertThat(config.access().insecureOpen()).isTrue();
        assertThat(config.access().credentials().find(new ClaimedUser.ByName("alice")))
                .isEmpty();
    }

    @Test
    void noSecretIsPrinted() throws IOException {
        String config = file("turn.yaml", "shared-secret: [hunter-in-file]\n");
        Map<String, String> environment = Map.of("CULVERT_USER", "alice:hunter-in-environment");

        Invocation printed = Invocation.with(
                environment,
                "--config",
                config,
                "--realm=r",
                "--users-file",
                file("users", "bob: hunter-bob"),
                "--shared-secret-file",
                file("secret", "hunter-secret"),
                "--nonce-key-file",
                file("keys", "abcdef01".repeat(8)),
                "--print-config");
        Invocation onCommandLine =
                Invocation.of("--realm=r", "--user=alice:hunter-1", "--shared-secret", "hunter-2", "--print-config");

        assertThat(printed.exitCode()).isZero();
        assertThat(printed.out()).contains("# user: hidden\n", "# shared-secret: hidden\n", "users-file: ");
        assertThat(Stream.of(printed, onCommandLine).map(each -> each.out() + each.err()))
                .noneMatch(text -> text.contains("hunter") || text.contains("abcdef01"));
    }

    @Test
    void thePrintedConfigurationFedBackPrintsTheSame() throws IOException {
        String[] options = {
            "--realm=example.org",
            "--users-file=" + file("users", "alice: wonder"),
            "--relay-address=2001:db8::5",
            "--external-address=203.0.113.5/10.0.0.5",
            "--relay-ports=50000-50999",
            "--allow-peer=[2001:db8::/32]:80,443",
            "--deny-peer=192.0.2.0/24",
            "--max-lifetime=2h",
            "--max-allocations=9",
            "--max-bitrate=8Mbit",
            "--alternate-server=[2001:db8::6]:5349,turn.example.org",
            "--print-config"
        };
        String printed = Invocation.of(options).out();

        String file = file("printed.yaml", printed);

        assertThat(printed).contains("relay-ports: 50000-50999\n");
        assertThat(Invocation.of("--config", file, "--print-config").out()).isEqualTo(printed);
    }

    @Test
    void theExampleIsSoundAsItIs() throws IOException {
        String example = Invocation.of("config", "--example").out();

        Invocation checked = Invocation.of(
                "check", "--config", file("example.yaml", example), "--realm", "r", "--user", "alice:wonder");

        assertThat(example)
                .contains("#realm: example.org\n", "#relay-ports: 49152-65535\n", "#admin: \"127.0.0.1:9641\"\n");
        assertThat(checked.errors()).isEmpty();
        assertThat(checked.exitCode()).isZero();
        assertThat(checked.out()).isEqualTo("the configuration is valid\n");
        assertThat(checked.served()).isEmpty();
    }

    private static boolean knows(RelayConfig config, String name) {
        return !config.access().credentials().find(new ClaimedUser.ByName(name)).isEmpty();
    }

    private static IpAddress ip(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text).toString();
    }
}
