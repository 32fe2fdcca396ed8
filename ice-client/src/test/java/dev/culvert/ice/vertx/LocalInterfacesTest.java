package dev.culvert.ice.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.ice.gather.LocalAddress.Trait;
import dev.culvert.ice.gather.LocalInterface;
import dev.culvert.stun.IpAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LocalInterfacesTest {
    @Test
    void flagsOfLinuxBecomeTraits() {
        List<String> lines = List.of(
                "20010db80001000000000000000012ab 02 40 00 01   wlan0",
                "20010db80001000000000000000012ac 02 40 00 20   wlan0",
                "fe8000000000000000fc00fffe000001 02 40 20 c0   wlan0",
                "00000000000000000000000000000001 01 80 10 80      lo",
                "nonsense");

        assertThat(LocalInterfaces.traitsIn(lines))
                .hasSize(4)
                .containsEntry(ip("2001:db8:1::12ab"), Set.of(Trait.TEMPORARY))
                .containsEntry(ip("2001:db8:1::12ac"), Set.of(Trait.DEPRECATED))
                .containsEntry(ip("fe80::fc:ff:fe00:1"), Set.of(Trait.TENTATIVE))
                .containsEntry(ip("::1"), Set.of());
    }

    @Test
    void thisHostHasALoopbackInterface() {
        assertThat(LocalInterfaces.all())
                .filteredOn(each -> each.kind() == LocalInterface.Kind.LOOPBACK)
                .flatExtracting(LocalInterface::addresses)
                .extracting(address -> address.ip().toString())
                .contains("127.0.0.1");
    }

    private static IpAddress ip(String text) {
        return IpAddress.parse(text).orElseThrow();
    }
}
