package dev.culvert.ice.gather;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.ice.gather.LocalAddress.Trait;
import dev.culvert.ice.gather.LocalInterface.Kind;
import dev.culvert.stun.IpAddress;
import dev.culvert.testkit.Rfc;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressSelectionTest {
    @ParameterizedTest
    @Rfc("8445#5.1.1.1 (2)")
    @ValueSource(
            strings = {"127.0.0.1", "::1", "::192.0.2.1", "fec0::1", "::ffff:192.0.2.1", "fe80::1", "::", "ff02::1"})
    void someAddressesAreNeverCandidates(String address) {
        assertThat(selected(AddressPolicy.all(), at("eth0", Kind.OTHER, plain(address))))
                .isEmpty();
    }

    @Test
    @Rfc("8445#5.1.1.1 (2)")
    void addressesOfALoopbackInterfaceAreForTestsOnly() {
        LocalInterface loopback = at("lo", Kind.LOOPBACK, plain("127.0.0.1"), plain("192.0.2.9"));

        assertThat(selected(AddressPolicy.all(), loopback)).isEmpty();
        assertThat(selected(AddressPolicy.all().withDangerLoopback(), loopback)).containsExactly("127.0.0.1");
    }

    @Test
    @Rfc("8445#5.1.1.1 (3)")
    void temporaryAddressReplacesThePermanentOneOfItsPrefixAndInterface() {
        LocalInterface wifi = at(
                "wlan0",
                Kind.OTHER,
                plain("2001:db8:1::5054:ff:fe12:3456"),
                plain("2001:db8:1::1234"),
                with("2001:db8:1::9a7b:1", Trait.TEMPORARY),
                plain("2001:db8:2::1234"));

        assertThat(selected(AddressPolicy.all(), wifi)).containsExactly("2001:db8:1::9a7b:1", "2001:db8:2::1234");
    }

    @Test
    @Rfc("8445#5.1.1.1 (3)")
    void addressThatShowsTheHardwareYieldsToOneThatDoesNot() {
        LocalInterface wifi =
                at("wlan0", Kind.OTHER, plain("2001:db8:1::5054:ff:fe12:3456"), plain("2001:db8:1::8d1c:77aa"));

        assertThat(selected(AddressPolicy.all(), wifi)).containsExactly("2001:db8:1::8d1c:77aa");
    }

    @Test
    void deprecatedAddressIsUsedWhereThereIsNoOther() {
        LocalAddress old = with("2001:db8:1::1", Trait.DEPRECATED);

        assertThat(selected(AddressPolicy.all(), at("eth0", Kind.OTHER, old))).containsExactly("2001:db8:1::1");
        assertThat(selected(AddressPolicy.all(), at("eth0", Kind.OTHER, old, plain("2001:db8:1::2"))))
                .containsExactly("2001:db8:1::2");
    }

    @Test
    void tentativeAddressIsNotUsed() {
        assertThat(selected(AddressPolicy.all(), at("eth0", Kind.OTHER, with("2001:db8::1", Trait.TENTATIVE))))
                .isEmpty();
    }

    @Test
    @Rfc("8421#4 (1)")
    void familiesAreInterleavedAfterAHeadStartOfIpv6() {
        LocalInterface eth = at(
                "eth0",
                Kind.OTHER,
                plain("192.0.2.1"),
                plain("192.0.2.2"),
                plain("2001:db8:1::1"),
                plain("2001:db8:2::1"),
                plain("2001:db8:3::1"),
                plain("2001:db8:4::1"),
                plain("2001:db8:5::1"),
                plain("2001:db8:6::1"));

        assertThat(selected(AddressPolicy.all(), eth))
                .containsExactly(
                        "2001:db8:1::1",
                        "2001:db8:2::1",
                        "2001:db8:3::1",
                        "2001:db8:4::1",
                        "192.0.2.1",
                        "2001:db8:5::1",
                        "192.0.2.2",
                        "2001:db8:6::1");
    }

    @Test
    @Rfc("8421#4 (2)")
    void tunnelsStandAtTheEnd() {
        LocalInterface vpn = at("tun0", Kind.TUNNEL, plain("10.8.0.2"), plain("2001:db8:9::1"));
        LocalInterface eth = at("eth0", Kind.OTHER, plain("192.0.2.1"));

        assertThat(selected(AddressPolicy.all(), vpn, eth)).containsExactly("192.0.2.1", "2001:db8:9::1", "10.8.0.2");
    }

    @Test
    void filterSaysNo() {
        AddressPolicy ipv4Only =
                AddressPolicy.all().withFilter((owner, address) -> address.ip().isIpv4());

        assertThat(selected(ipv4Only, at("eth0", Kind.OTHER, plain("192.0.2.1"), plain("2001:db8::1"))))
                .containsExactly("192.0.2.1");
    }

    private static List<String> selected(AddressPolicy policy, LocalInterface... interfaces) {
        return AddressSelection.of(List.of(interfaces), policy).stream()
                .map(base -> base.ip().toString())
                .toList();
    }

    private static LocalInterface at(String name, Kind kind, LocalAddress... addresses) {
        return new LocalInterface(name, kind, List.of(addresses));
    }

    private static LocalAddress plain(String address) {
        return LocalAddress.of(IpAddress.parse(address).orElseThrow());
    }

    private static LocalAddress with(String address, Trait trait) {
        return new LocalAddress(IpAddress.parse(address).orElseThrow(), 64, Set.of(trait));
    }
}
