package dev.culvert.relay.policy;

import static dev.culvert.relay.policy.PolicyFixture.ip;
import static dev.culvert.relay.policy.PolicyFixture.peer;
import static dev.culvert.relay.policy.PolicyFixture.policy;
import static dev.culvert.relay.policy.PolicyFixture.relayPorts;
import static dev.culvert.relay.policy.PolicyFixture.rules;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.policy.Ground.Standing;
import dev.culvert.stun.IpAddress;
import dev.culvert.testkit.Rfc;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerPolicyTest {
    private static final IpAddress RELAY = ip("198.51.100.5");
    private static final IpAddress OTHER = ip("198.51.100.6");

    /** A server with two addresses, a relay port in use on the first. */
    private static PeerPolicy onServer(String... rules) {
        return new PeerPolicy(
                rules(rules),
                List.of(RELAY, OTHER),
                relayPorts(List.of(RELAY), (own, port) -> own.equals(RELAY) && port == 50_000));
    }

    @ParameterizedTest(name = "{0}: {1} is {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                // Nothing said.
                "                                          | 8.8.8.8:53            | allowed: no rule denies it",
                "                                          | [2a00::1]:53          | allowed: no rule denies it",
                "                                          | 10.0.0.7:53           | denied: built-in deny 10.0.0.0/8 (Private-Use, RFC 1918)",
                "                                          | [::ffff:10.0.0.7]:53  | denied: built-in deny 10.0.0.0/8 (Private-Use, RFC 1918), read as 10.0.0.7 (IPv4-mapped)",
                "                                          | [64:ff9b::a00:7]:53   | denied: built-in deny 10.0.0.0/8 (Private-Use, RFC 1918), read as 10.0.0.7 (NAT64)",
                "                                          | [::a00:7]:53          | denied: built-in deny 10.0.0.0/8 (Private-Use, RFC 1918), read as 10.0.0.7 (IPv4-compatible)",
                "                                          | [2a00::5efe:a00:7]:53 | denied: built-in deny 10.0.0.0/8 (Private-Use, RFC 1918), read as 10.0.0.7 (ISATAP)",
                // The longest prefix wins, whatever the order; deny wins a tie.
                "deny 8.0.0.0/8;allow 8.8.0.0/16           | 8.8.8.8:53            | allowed: --allow-peer 8.8.0.0/16",
                "allow 8.8.0.0/16;deny 8.0.0.0/8           | 8.8.8.8:53            | allowed: --allow-peer 8.8.0.0/16",
                "allow 8.0.0.0/8;deny 8.8.0.0/16           | 8.8.8.8:53            | denied: --deny-peer 8.8.0.0/16",
                "allow 8.8.8.0/24;deny 8.8.8.0/24          | 8.8.8.8:53            | denied: --deny-peer 8.8.8.0/24",
                "deny 8.8.8.0/24;allow 8.8.8.0/24          | 8.8.8.8:53            | denied: --deny-peer 8.8.8.0/24",
                "deny 0.0.0.0/0                            | 8.8.8.8:53            | denied: --deny-peer 0.0.0.0/0",
                "deny 8.0.0.0/8;allow 8.8.8.9/32           | 8.8.8.8:53            | denied: --deny-peer 8.0.0.0/8",
                "deny 0.0.0.0/0                            | [2a00::1]:53          | allowed: no rule denies it",
                "deny ::/0                                 | 8.8.8.8:53            | allowed: no rule denies it",
                "deny ::/0                                 | [2a00::1]:53          | denied: --deny-peer ::/0",
                "deny ::/0                                 | [::ffff:8.8.8.8]:53   | allowed: no rule denies it, read as 8.8.8.8 (IPv4-mapped)",
                // Built-in denies yield to the same prefix or a longer one.
                "allow 10.0.0.0/8                          | 10.0.0.7:53           | allowed: --allow-peer 10.0.0.0/8",
                "allow 10.0.0.7/32                         | 10.0.0.7:53           | allowed: --allow-peer 10.0.0.7/32",
                "allow 10.0.0.7/32                         | 10.0.0.8:53           | denied: built-in deny 10.0.0.0/8 (Private-Use, RFC 1918)",
                "allow 8.0.0.0/5                           | 10.0.0.7:53           | denied: built-in deny 10.0.0.0/8 (Private-Use, RFC 1918)",
                "allow 0.0.0.0/0                           | 127.0.0.1:53          | denied: built-in deny 127.0.0.0/8 (Loopback, RFC 1122 §3.2.1.3)",
                "allow 10.0.0.0/8;deny 10.1.0.0/16         | 10.1.0.7:53           | denied: --deny-peer 10.1.0.0/16",
                "deny 0.0.0.0/0                            | 10.0.0.7:53           | denied: --deny-peer 0.0.0.0/0",
                "allow 192.0.0.0/16                        | 192.0.2.7:53          | denied: built-in deny 192.0.2.0/24 (Documentation (TEST-NET-1), RFC 5737)",
                "allow fd00::/8                            | [fd00::7]:53          | allowed: --allow-peer fd00::/8",
                // A rule about an IPv4 address holds for it in every encoding.
                "deny 8.8.8.0/24                           | [64:ff9b::808:808]:53 | denied: --deny-peer 8.8.8.0/24, read as 8.8.8.8 (NAT64)",
                "deny 8.8.8.0/24                           | [::ffff:8.8.8.8]:53   | denied: --deny-peer 8.8.8.0/24, read as 8.8.8.8 (IPv4-mapped)",
                "allow 10.0.0.0/8                          | [64:ff9b::a00:7]:53   | allowed: --allow-peer 10.0.0.0/8, read as 10.0.0.7 (NAT64)",
                "allow 10.0.0.0/8                          | [2002:a00:7::1]:53    | denied: built-in deny 2002::/16 (6to4 tunnel, RFC 8656 §21.4)",
                "allow ::ffff:10.0.0.0/104                 | 10.0.0.7:53           | allowed: --allow-peer 10.0.0.0/8",
                // An allow of the address as written counts for what it carries with the bits that it fixes.
                "allow 64:ff9b::/96                        | [64:ff9b::a00:7]:53   | denied: built-in deny 10.0.0.0/8 (Private-Use, RFC 1918), read as 10.0.0.7 (NAT64)",
                "allow ::/0                                | [64:ff9b::a00:7]:53   | denied: built-in deny 10.0.0.0/8 (Private-Use, RFC 1918), read as 10.0.0.7 (NAT64)",
                "allow 64:ff9b::a00:0/103                  | [64:ff9b::a00:7]:53   | denied: built-in deny 10.0.0.0/8 (Private-Use, RFC 1918), read as 10.0.0.7 (NAT64)",
                "allow 64:ff9b::a00:0/104                  | [64:ff9b::a00:7]:53   | allowed: --allow-peer 64:ff9b::a00:0/104",
                "allow 64:ff9b::a00:7                      | [64:ff9b::a00:7]:53   | allowed: --allow-peer 64:ff9b::a00:7/128",
                "allow 64:ff9b::a00:7                      | 10.0.0.7:53           | denied: built-in deny 10.0.0.0/8 (Private-Use, RFC 1918)",
                "allow 64:ff9b::/96;deny 0.0.0.0/0         | [64:ff9b::808:808]:53 | denied: --deny-peer 0.0.0.0/0, read as 8.8.8.8 (NAT64)",
                "allow 64:ff9b::800:0/104;deny 8.0.0.0/8   | [64:ff9b::808:808]:53 | denied: --deny-peer 8.0.0.0/8, read as 8.8.8.8 (NAT64)",
                "allow 64:ff9b::808:0/112;deny 8.0.0.0/8   | [64:ff9b::808:808]:53 | allowed: --allow-peer 64:ff9b::808:0/112",
                "deny 64:ff9b::/96;allow 10.0.0.0/8        | [64:ff9b::a00:7]:53   | denied: --deny-peer 64:ff9b::/96",
                "allow 2002::/16                           | [2002:808:808::1]:53  | allowed: --allow-peer 2002::/16",
                "allow 2002::/16                           | [2002:a00:7::1]:53    | denied: built-in deny 10.0.0.0/8 (Private-Use, RFC 1918), read as 10.0.0.7 (6to4)",
                "allow 2002:a00::/24                       | [2002:a00:7::1]:53    | allowed: --allow-peer 2002:a00::/24",
                "allow ::1                                 | [::1]:53              | allowed: --allow-peer ::1/128",
                "                                          | [::1]:53              | denied: built-in deny ::1/128 (Loopback Address, RFC 4291)",
                "allow 2a00::/16                           | [2a00::5efe:a00:7]:53 | denied: built-in deny 10.0.0.0/8 (Private-Use, RFC 1918), read as 10.0.0.7 (ISATAP)",
                // Ports.
                "allow 10.0.0.0/8:53                       | 10.0.0.7:53           | allowed: --allow-peer 10.0.0.0/8:53",
                "allow 10.0.0.0/8:53                       | 10.0.0.7:54           | denied: built-in deny 10.0.0.0/8 (Private-Use, RFC 1918)",
                "deny 8.0.0.0/8:1-1023                     | 8.8.8.8:1023          | denied: --deny-peer 8.0.0.0/8:1-1023",
                "deny 8.0.0.0/8:1-1023                     | 8.8.8.8:1024          | allowed: no rule denies it",
                "deny 8.0.0.0/8;allow 8.8.8.8:53           | 8.8.8.8:54            | denied: --deny-peer 8.0.0.0/8",
                "deny 8.0.0.0/8:53;allow 8.8.8.8           | 8.8.8.8:53            | allowed: --allow-peer 8.8.8.8/32",
                "allow 8.8.8.8:53,80;deny 8.8.8.8:80       | 8.8.8.8:80            | denied: --deny-peer 8.8.8.8/32:80",
                "allow [64:ff9b::a00:0/104]:53             | [64:ff9b::a00:7]:54   | denied: built-in deny 10.0.0.0/8 (Private-Use, RFC 1918), read as 10.0.0.7 (NAT64)"
            })
    @Rfc("8656#12.2 (6)")
    void ruleDecides(String rules, String peer, String decision) {
        PeerPolicy policy = policy(rules == null ? new String[0] : rules.split(";"));

        assertThat(policy.decide(peer(peer))).hasToString(decision);
        assertThat(policy.allows(peer(peer))).isEqualTo(decision.startsWith("allowed"));
    }

    @ParameterizedTest(name = "{0}: {1} is {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "                                               | 8.8.8.8          | allowed: no rule denies it",
                "                                               | 10.0.0.7         | denied: built-in deny 10.0.0.0/8 (Private-Use, RFC 1918)",
                "allow 10.0.0.0/8:5060                          | 10.0.0.7         | allowed: --allow-peer 10.0.0.0/8:5060",
                "allow 10.0.0.0/8:65535                         | 10.0.0.7         | allowed: --allow-peer 10.0.0.0/8:65535",
                "allow 10.0.0.0/7:5060                          | 10.0.0.7         | denied: built-in deny 10.0.0.0/8 (Private-Use, RFC 1918)",
                "deny 8.0.0.0/8:1-65534                         | 8.8.8.8          | allowed: no rule denies it",
                "deny 8.0.0.0/8:1-65535                         | 8.8.8.8          | denied: --deny-peer 8.0.0.0/8:1-65535",
                "deny 8.0.0.0/8:1-80;deny 8.8.0.0/16:81-65535   | 8.8.8.8          | denied: --deny-peer 8.0.0.0/8:1-80",
                "deny 8.0.0.0/8:1-80;deny 8.8.0.0/16:82-65535   | 8.8.8.8          | allowed: no rule denies it",
                "deny 8.8.8.8:5060;allow 8.0.0.0/8:5060;deny 8.0.0.0/7 | 8.8.8.8   | denied: --deny-peer 8.0.0.0/7",
                "allow 10.0.0.7:80;deny 10.0.0.7:80             | 10.0.0.7         | denied: built-in deny 10.0.0.0/8 (Private-Use, RFC 1918)",
                "allow 10.0.0.0/8:5060                          | 64:ff9b::a00:7   | allowed: --allow-peer 10.0.0.0/8:5060, read as 10.0.0.7 (NAT64)",
                "allow 10.0.0.0/8:5060;deny [64:ff9b::/96]:5060 | 64:ff9b::a00:7   | denied: built-in deny 10.0.0.0/8 (Private-Use, RFC 1918), read as 10.0.0.7 (NAT64)",
                "allow 10.0.0.0/8:5060                          | ::ffff:10.0.0.7  | allowed: --allow-peer 10.0.0.0/8:5060, read as 10.0.0.7 (IPv4-mapped)"
            })
    @Rfc("8656#10.2 (4)")
    void permissionPassesIfSomePortCould(String rules, String peer, String decision) {
        PeerPolicy policy = policy(rules == null ? new String[0] : rules.split(";"));

        assertThat(policy.decide(ip(peer))).hasToString(decision);
    }

    @Test
    void relayPortInUseIsAllowedThoughItsAddressIsDenied() {
        PeerPolicy policy = onServer("deny 198.51.100.5");

        assertThat(policy.decide(peer("198.51.100.5:50000")).ground()).isEqualTo(Standing.RELAY_ADDRESS);
        assertThat(policy.allows(peer("198.51.100.5:50000"))).isTrue();
        assertThat(policy.allows(peer("[::ffff:198.51.100.5]:50000"))).isTrue();
        assertThat(policy.decide(peer("[::ffff:198.51.100.5]:50000")))
                .hasToString("allowed: a relay address of this server, read as 198.51.100.5 (IPv4-mapped)");
    }

    @Test
    void otherPortsAndAddressesOfTheServerAreDeniedWhateverTheOperatorAllows() {
        PeerPolicy policy = onServer("allow 198.51.100.5", "allow 198.51.100.6", "allow 64:ff9b::c633:6406");

        for (String own : List.of("198.51.100.5:49999", "198.51.100.5:3478", "198.51.100.6:50000", "198.51.100.6:22")) {
            assertThat(policy.decide(peer(own)).ground()).as(own).isEqualTo(Standing.OWN_ADDRESS);
            assertThat(policy.allows(peer(own))).as(own).isFalse();
        }
        assertThat(policy.decide(peer("[64:ff9b::198.51.100.6]:22")))
                .hasToString("denied: an address of this server that is no relay address in use,"
                        + " read as 198.51.100.6 (NAT64)");
    }

    @Test
    void relayPortInsideAnEncodingIsNotTheRelayPort() {
        for (EncodedAddress encoding : EncodedAddress.values()) {
            assertThat(onServer("allow 2001::/32", "allow 2002::/16").allows(encoding.of(RELAY), 50_000))
                    .as(encoding.name())
                    .isEqualTo(encoding == EncodedAddress.MAPPED);
        }
    }

    @Test
    void permissionForAnAddressOfTheServerPassesWhereRelayPortsAre() {
        assertThat(onServer().decide(RELAY).ground()).isEqualTo(Standing.RELAY_ADDRESS);
        assertThat(onServer().decide(ip("::ffff:198.51.100.5")).isAllowed()).isTrue();
        assertThat(onServer().decide(OTHER).ground()).isEqualTo(Standing.OWN_ADDRESS);
        assertThat(onServer("allow 198.51.100.6:80").decide(OTHER).isAllowed()).isFalse();
    }

    @Test
    void relayAddressThatIsItselfAnEncodingIsAllowedWhileInUse() {
        IpAddress isatap = ip("2a00::5efe:10.0.0.1");
        PeerPolicy policy =
                new PeerPolicy(List.of(), List.of(isatap), relayPorts(List.of(isatap), (own, port) -> port == 50_000));

        assertThat(policy.allows(isatap, 50_000)).isTrue();
        assertThat(policy.allows(isatap, 50_001)).isFalse();
    }

    @Test
    void decisionHoldsThoughARelayPortClosesMeanwhile() {
        AtomicBoolean live = new AtomicBoolean(true);
        PeerPolicy policy = new PeerPolicy(
                List.of(), List.of(RELAY), relayPorts(List.of(RELAY), (own, port) -> live.getAndSet(false)));

        PeerDecision decision = policy.decide(peer("198.51.100.5:50000"));

        assertThat(decision).isEqualTo(new PeerDecision(Standing.RELAY_ADDRESS, AddressReading.AS_WRITTEN, RELAY));
    }

    @Test
    @SuppressWarnings("ReferenceEquality") // the very object
    void relayPortsAreAskedAboutTheAddressThatThePolicyWasGiven() {
        PeerPolicy policy = new PeerPolicy(
                List.of(), List.of(RELAY, OTHER), relayPorts(List.of(), (own, port) -> own == RELAY && port == 7));

        assertThat(policy.allows(ip("198.51.100.5"), 7)).isTrue();
        assertThat(policy.allows(ip("198.51.100.6"), 7)).isFalse();
    }
}
