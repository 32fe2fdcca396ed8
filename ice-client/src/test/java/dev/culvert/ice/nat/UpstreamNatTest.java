package dev.culvert.ice.nat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.IpAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpstreamNatTest {
    @ParameterizedTest
    @CsvSource({
        "198.51.100.9, 198.51.100.9, NONE",
        "198.51.100.9, 198.51.100.7, ANOTHER_ADDRESS",
        "198.51.100.9, '',           UNKNOWN",
        "100.64.0.2,   198.51.100.7, CARRIER_GRADE",
        "100.127.3.4,  '',           CARRIER_GRADE",
        "192.0.0.2,    198.51.100.7, DUAL_STACK_LITE",
        "192.0.0.9,    198.51.100.7, ANOTHER_ADDRESS",
        "192.168.1.2,  198.51.100.7, DOUBLE_NAT",
        "10.1.2.3,     '',           DOUBLE_NAT",
        "172.31.0.1,   198.51.100.7, DOUBLE_NAT",
        "169.254.3.4,  '',           DOUBLE_NAT"
    })
    void theRoutersAddressAndTheMappedOneTellWhatIsBetween(String router, String mapped, UpstreamNat expected) {
        assertThat(UpstreamNat.of(IpAddress.parse(router).orElseThrow(), IpAddress.parse(mapped)))
                .isEqualTo(expected);
    }
}
