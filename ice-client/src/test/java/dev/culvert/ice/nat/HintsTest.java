package dev.culvert.ice.nat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Rfc;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class HintsTest {
    private static final int PORT = 50_000;

    private static List<Hint.Kind> hints(String server, String local, String... external) {
        DiscoveryPlan plan = new DiscoveryPlan(
                List.of(new ProbeServer("server", address(server))),
                List.of(IpAddress.parse(local).orElseThrow()),
                Nat64Prefix.in(List.of(IpAddress.parse("64:ff9b::c000:aa").orElseThrow())),
                RetransmissionSchedule.probe(),
                0);
        List<TransportAddress> seen =
                Arrays.stream(external).map(HintsTest::address).toList();
        return new Hints(plan, seen, PORT).hints().stream().map(Hint::kind).toList();
    }

    private static TransportAddress address(String text) {
        return TransportAddress.parse(text).orElseThrow();
    }

    @Test
    void ordinaryNatGivesNone() {
        assertThat(hints("198.51.100.1:3478", "192.168.7.2", "203.0.113.10:50000"))
                .isEmpty();
    }

    @Test
    void carrierAddressesAreHintsOfACarriersNat() {
        assertThat(hints("198.51.100.1:3478", "100.64.3.4", "203.0.113.10:50000"))
                .containsExactly(Hint.Kind.CARRIER_NAT);
    }

    @Test
    void severalAddressesOfOneSocketAreAPool() {
        assertThat(hints("198.51.100.1:3478", "192.168.7.2", "203.0.113.10:50000", "203.0.113.11:50000"))
                .containsExactly(Hint.Kind.SEVERAL_ADDRESSES);
    }

    @Test
    void privateViewOfAPublicServerMeansThatItStandsInside() {
        assertThat(hints("198.51.100.1:3478", "192.168.7.2", "10.1.2.3:50000"))
                .containsExactly(Hint.Kind.SERVER_INSIDE);
        assertThat(hints("10.9.9.9:3478", "192.168.7.2", "10.1.2.3:50000")).containsExactly(Hint.Kind.MORE_NAT);
    }

    @Test
    void ipv4AddressSeenOverIpv6IsNat64() {
        assertThat(hints("[2001:db8:1::1]:3478", "2001:db8:7::2", "203.0.113.10:50000"))
                .containsExactly(Hint.Kind.NAT64);
    }

    @Test
    void serverUnderTheNetworksPrefixIsNat64() {
        assertThat(hints("[64:ff9b::c633:6401]:3478", "2001:db8:7::2", "203.0.113.10:50000"))
                .containsExactly(Hint.Kind.NAT64, Hint.Kind.NAT64);
    }

    @Test
    @Rfc("6296#3")
    void prefixThatAloneDiffersIsNptv6() {
        assertThat(hints("[2001:db8:1::1]:3478", "fd01:203:405:1::1234", "[2001:db8:2:1::1234]:50000"))
                .containsExactly(Hint.Kind.NPTV6);
        // RFC 6296 §3.1's own example: one word is changed so that the checksum stays.
        assertThat(hints("[2001:db8:1::1]:3478", "fd01:203:405:1::1234", "[2001:db8:1:d550::1234]:50000"))
                .containsExactly(Hint.Kind.NPTV6);
    }

    @Test
    void otherPortOrHostIsNoPrefixTranslation() {
        assertThat(hints("[2001:db8:1::1]:3478", "fd01:203:405:1::1234", "[2001:db8:2:1::1234]:50001"))
                .isEmpty();
        assertThat(hints("[2001:db8:1::1]:3478", "fd01:203:405:1::1234", "[2001:db8:2:1::9]:50000"))
                .isEmpty();
    }

    @Test
    void hostOf464XlatIsKnownByItsAddress() {
        assertThat(hints("198.51.100.1:3478", "192.0.0.4", "203.0.113.10:50000"))
                .containsExactly(Hint.Kind.IPV4_OVER_IPV6);
    }
}
