package dev.culvert.relay.policy;

import static dev.culvert.relay.policy.PolicyFixture.ip;
import static dev.culvert.relay.policy.PolicyFixture.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.policy.Ground.BuiltInDeny;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.IanaRegistry;
import dev.culvert.testkit.IanaRegistry.SpecialPrefix;
import dev.culvert.testkit.Rfc;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every prefix that is denied by default: its first and last address and its neighbours, in every encoding. */
class DenyListTest {
    private static final PeerPolicy POLICY = policy();

    /** With the tunnels let in, only what they carry decides. */
    private static final PeerPolicy TUNNELS_ALLOWED = policy("allow 2001::/32", "allow 2002::/16");

    /** A denied prefix as numbers. */
    private record Block(String prefix, boolean isIpv4, BigInteger first, BigInteger last) {
        static Block of(String prefix) {
            String[] fields = prefix.split("/");
            byte[] octets = ip(fields[0]).toBytes();
            BigInteger first = new BigInteger(1, octets);
            BigInteger size = BigInteger.TWO.pow(octets.length * 8 - Integer.parseInt(fields[1]));
            return new Block(prefix, octets.length == 4, first, first.add(size).subtract(BigInteger.ONE));
        }

        boolean holds(boolean ipv4, BigInteger number) {
            return ipv4 == isIpv4 && first.compareTo(number) <= 0 && number.compareTo(last) <= 0;
        }

        IpAddress address(BigInteger number) {
            byte[] octets = number.toByteArray();
            int length = isIpv4 ? 4 : 16;
            byte[] address = new byte[length];
            int count = Math.min(length, octets.length);
            System.arraycopy(octets, octets.length - count, address, length - count, count);
            return IpAddress.of(address);
        }

        @Override
        public String toString() {
            return prefix;
        }
    }

    static List<Block> blocks() {
        return IanaRegistry.deniedByDefault().stream()
                .filter(prefix -> !prefix.embedsIpv4())
                .map(prefix -> Block.of(prefix.prefix()))
                .toList();
    }

    static List<Block> ipv4Blocks() {
        return blocks().stream().filter(Block::isIpv4).toList();
    }

    static List<Block> ipv6Blocks() {
        return blocks().stream().filter(block -> !block.isIpv4()).toList();
    }

    @Test
    void builtInTableIsThatOfTheRegistries() {
        List<SpecialPrefix> ours = BuiltInDenies.rows().stream()
                .map(row -> new SpecialPrefix(row.prefix(), row.isReading()))
                .toList();

        assertThat(ours).containsExactlyElementsOf(IanaRegistry.deniedByDefault());
    }

    @Test
    void everyPrefixJudgedByTheAddressInsideHasItsReading() {
        List<SpecialPrefix> embedding = IanaRegistry.deniedByDefault().stream()
                .filter(SpecialPrefix::embedsIpv4)
                .toList();

        assertThat(embedding).hasSize(4).allSatisfy(prefix -> {
            IpAddress address = ip(prefix.prefix().split("/")[0]);
            assertThat(readings(address)).as(prefix.prefix()).isNotEmpty();
        });
    }

    private static Stream<AddressReading> readings(IpAddress address) {
        return Arrays.stream(AddressReading.values())
                .filter(reading -> reading != AddressReading.AS_WRITTEN && reading.appliesTo(address));
    }

    @ParameterizedTest
    @MethodSource("ipv4Blocks")
    void ipv4PrefixIsDeniedInEveryEncoding(Block block) {
        for (BigInteger number : List.of(block.first(), block.last())) {
            IpAddress inside = block.address(number);

            PolicyFixture.everyEncoding(inside).forEach(peer -> {
                assertDenied(POLICY, peer);
                assertDenied(TUNNELS_ALLOWED, peer);
            });
        }
    }

    @ParameterizedTest
    @MethodSource("ipv4Blocks")
    void addressInsideAnEncodingIsNamedWithItsPrefix(Block block) {
        IpAddress inside = block.address(block.last());

        for (EncodedAddress encoding : EncodedAddress.values()) {
            PeerDecision decision = TUNNELS_ALLOWED.decide(new TransportAddress(encoding.of(inside), 9));

            assertThat(decision.judged()).as(encoding.name()).isEqualTo(inside);
            assertThat(decision.ground())
                    .isInstanceOfSatisfying(
                            BuiltInDeny.class, deny -> assertThat(deny.prefix()).hasToString(block.prefix()));
        }
    }

    @ParameterizedTest
    @MethodSource("ipv4Blocks")
    @Rfc("8656#21.4")
    void neighboursOfAnIpv4PrefixAreAllowedUnlessAnotherPrefixHoldsThem(Block block) {
        for (BigInteger number : neighbours(block)) {
            IpAddress neighbour = block.address(number);
            boolean isDenied = blocks().stream().anyMatch(other -> other.holds(true, number));

            assertThat(POLICY.allows(neighbour, 9)).as(neighbour.toString()).isNotEqualTo(isDenied);
            for (EncodedAddress encoding : EncodedAddress.values()) {
                IpAddress peer = encoding.of(neighbour);
                assertThat(TUNNELS_ALLOWED.allows(peer, 9)).as(peer.toString()).isNotEqualTo(isDenied);
                assertThat(POLICY.allows(peer, 9)).as(peer.toString()).isEqualTo(!isDenied && !encoding.isTunnel());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ipv6Blocks")
    void ipv6PrefixIsDeniedAndItsNeighboursOnlyIfAnotherHoldsThem(Block block) {
        assertDenied(POLICY, block.address(block.first()));
        assertDenied(POLICY, block.address(block.last()));

        for (BigInteger number : neighbours(block)) {
            IpAddress neighbour = block.address(number);
            boolean isDenied = blocks().stream().anyMatch(other -> other.holds(false, number))
                    || readings(neighbour).anyMatch(reading -> !POLICY.allows(reading.of(neighbour), 9));

            assertThat(POLICY.allows(neighbour, 9)).as(neighbour.toString()).isNotEqualTo(isDenied);
        }
    }

    @Test
    @Rfc("8656#21.4")
    void tunnelIsDeniedEvenIfWhatItCarriesIsNot() {
        IpAddress global = ip("8.8.4.4");

        for (EncodedAddress encoding : EncodedAddress.values()) {
            assertThat(POLICY.allows(encoding.of(global), 9))
                    .as(encoding.name())
                    .isEqualTo(!encoding.isTunnel());
        }
        assertThat(POLICY.decide(ip("2002:808:404::1")))
                .hasToString("denied: built-in deny 2002::/16 (6to4 tunnel, RFC 8656 §21.4)");
        assertThat(POLICY.decide(ip("2001:0:808:808:8000:63bf:f7f7:f7f7")))
                .hasToString("denied: built-in deny 2001::/32 (Teredo tunnel, RFC 8656 §21.4)");
    }

    @Test
    void isatapIsKnownInAnyPrefixWhateverItsUniversalAndGroupBits() {
        for (String identifier : List.of("0:5efe", "100:5efe", "200:5efe", "300:5efe")) {
            assertDenied(POLICY, ip("2a00::" + identifier + ":10.0.0.1"));
            assertThat(POLICY.allows(ip("2a00::" + identifier + ":8.8.8.8"), 9)).isTrue();
        }
        assertThat(POLICY.allows(ip("2a00::400:5efe:10.0.0.1"), 9)).isTrue();
        assertThat(POLICY.allows(ip("2a00::5eff:10.0.0.1"), 9)).isTrue();
    }

    @Test
    void broadcastAndUnspecifiedAreDenied() {
        Stream.of("255.255.255.255", "0.0.0.0", "::", "::ffff:255.255.255.255", "224.0.0.251", "ff02::fb")
                .forEach(peer -> assertDenied(POLICY, ip(peer)));
    }

    /** Refused on every path: for a permission, a peer with a port, and a packet. */
    private static void assertDenied(PeerPolicy policy, IpAddress peer) {
        assertThat(policy.decide(peer).isAllowed()).as("permission for " + peer).isFalse();
        for (int port : new int[] {0, 1, 9, 3478, 65535}) {
            assertThat(policy.decide(new TransportAddress(peer, port)).isAllowed())
                    .as(peer + " port " + port)
                    .isFalse();
            assertThat(policy.allows(new TransportAddress(peer, port))).isFalse();
        }
    }

    private static List<BigInteger> neighbours(Block block) {
        BigInteger end = BigInteger.TWO.pow(block.isIpv4() ? 32 : 128);
        return Stream.of(block.first().subtract(BigInteger.ONE), block.last().add(BigInteger.ONE))
                .filter(number -> number.signum() >= 0 && number.compareTo(end) < 0)
                .toList();
    }
}
