package dev.culvert.ice.nat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.IpAddress;
import dev.culvert.testkit.Rfc;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Nat64PrefixTest {
    private static IpAddress ip(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    private static List<Nat64Prefix> in(String... answers) {
        return Nat64Prefix.in(Arrays.stream(answers).map(Nat64PrefixTest::ip).toList());
    }

    @ParameterizedTest
    @CsvSource({
        "64:ff9b::c000:aa,                   64:ff9b::/96",
        "2001:db8:c000:aa::,                 2001:db8::/32",
        "2001:db8:1c0:0:aa::,                2001:db8:100::/40",
        "2001:db8:122:c000:0:aa00::,         2001:db8:122::/48",
        "2001:db8:122:3c0:0:aa::,            2001:db8:122:300::/56",
        "2001:db8:122:344:c0:0:ab00::,       2001:db8:122:344::/64"
    })
    @Rfc("7050#3 (1)")
    void prefixIsReadOffTheAnswerWhereverTheWellKnownAddressStands(String answer, String prefix) {
        assertThat(in(answer)).extracting(Nat64Prefix::toString).containsExactly(prefix);
    }

    @Test
    @Rfc("7050#3 (2)")
    void whereOneAddressIsFoundTwiceTheOtherOneTells() {
        // The prefix itself holds 192.0.0.170 where a /32 would have it.
        assertThat(in("2001:db8:c000:aa::c000:aa")).isEmpty();
        assertThat(in("2001:db8:c000:aa::c000:aa", "2001:db8:c000:aa::c000:ab"))
                .extracting(Nat64Prefix::toString)
                .containsExactly("2001:db8:c000:aa::/96");
    }

    @Test
    void answersWithoutTheAddressTellNothing() {
        assertThat(in("2001:db8::1", "192.0.0.170")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8::,          32, 2001:db8:c000:221::",
        "2001:db8:100::,      40, 2001:db8:1c0:2:21::",
        "2001:db8:122::,      48, 2001:db8:122:c000:2:2100::",
        "2001:db8:122:300::,  56, 2001:db8:122:3c0:0:221::",
        "2001:db8:122:344::,  64, 2001:db8:122:344:c0:2:2100::",
        "2001:db8:122:344::,  96, 2001:db8:122:344::c000:221"
    })
    @Rfc("6052#2.2")
    void addressUnderAPrefixStandsForAnIpv4Address(String prefix, int length, String synthesised) {
        Nat64Prefix nat64 = new Nat64Prefix(ip(prefix), length);

        assertThat(nat64.embeddedIn(ip(synthesised))).contains(ip("192.0.2.33"));
        assertThat(nat64.embeddedIn(ip("2001:db9::1"))).isEmpty();
    }
}
