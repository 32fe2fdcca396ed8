package dev.culvert.ice.nat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Rfc;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTableTest {
    private static final List<IpAddress> LOCAL =
            List.of(IpAddress.parse("192.168.7.2").orElseThrow());

    @ParameterizedTest
    @CsvSource({
        "NONE, ENDPOINT_INDEPENDENT, OPEN",
        "NONE, ADDRESS_DEPENDENT, FIREWALL",
        "NONE, ADDRESS_AND_PORT_DEPENDENT, FIREWALL",
        "NONE, UNKNOWN, UNKNOWN",
        "ENDPOINT_INDEPENDENT, ENDPOINT_INDEPENDENT, FULL_CONE",
        "ENDPOINT_INDEPENDENT, ADDRESS_DEPENDENT, RESTRICTED_CONE",
        "ENDPOINT_INDEPENDENT, ADDRESS_AND_PORT_DEPENDENT, PORT_RESTRICTED_CONE",
        "ENDPOINT_INDEPENDENT, UNKNOWN, UNKNOWN",
        "ADDRESS_DEPENDENT, UNKNOWN, SYMMETRIC",
        "ADDRESS_AND_PORT_DEPENDENT, ENDPOINT_INDEPENDENT, SYMMETRIC",
        "BLOCKED, UNKNOWN, UDP_BLOCKED",
        "UNKNOWN, ENDPOINT_INDEPENDENT, UNKNOWN",
    })
    void classicNameFollowsFromMappingAndFiltering(
            MappingBehavior mapping, FilteringBehavior filtering, NatType expected) {
        assertThat(NatType.of(mapping, filtering)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        // servers A1P1, A1P2, A2P1, A2P2 → external ports; 0 where there was no answer
        "5, 5, 5, 5, ENDPOINT_INDEPENDENT",
        "5, 0, 5, 0, ENDPOINT_INDEPENDENT",
        "5, 5, 0, 0, UNKNOWN",
        "5, 0, 0, 0, UNKNOWN",
        "5, 5, 6, 6, ADDRESS_DEPENDENT",
        "5, 5, 6, 0, ADDRESS_DEPENDENT",
        "5, 0, 6, 0, UNKNOWN",
        "5, 6, 7, 8, ADDRESS_AND_PORT_DEPENDENT",
        "5, 6, 0, 0, ADDRESS_AND_PORT_DEPENDENT",
        "5, 5, 5, 6, ADDRESS_AND_PORT_DEPENDENT",
    })
    @Rfc({"5780#4.3 (2)", "5780#4.3 (3)", "5780#4.3 (4)"})
    void mappingFollowsFromWhatServersSee(int a1p1, int a1p2, int a2p1, int a2p2, MappingBehavior expected) {
        Map<TransportAddress, TransportAddress> mappedBy = new LinkedHashMap<>();
        put(mappedBy, "198.51.100.1:3478", a1p1);
        put(mappedBy, "198.51.100.1:3479", a1p2);
        put(mappedBy, "198.51.100.2:3478", a2p1);
        put(mappedBy, "198.51.100.2:3479", a2p2);

        assertThat(MappingFinding.of(mappedBy, LOCAL, 5).mapping()).isEqualTo(expected);
    }

    private static void put(Map<TransportAddress, TransportAddress> mappedBy, String server, int port) {
        if (port != 0) {
            mappedBy.put(address(server), address("203.0.113.10:" + port));
        }
    }

    @Test
    void ownAddressWithTheOwnPortMeansNoNat() {
        Map<TransportAddress, TransportAddress> own = Map.of(address("198.51.100.1:3478"), address("192.168.7.2:5000"));

        assertThat(MappingFinding.of(own, LOCAL, 5000).mapping()).isEqualTo(MappingBehavior.NONE);
        assertThat(MappingFinding.of(own, LOCAL, 5001).mapping()).isNotEqualTo(MappingBehavior.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, PRIVATE",
        "172.15.0.1, PUBLIC",
        "172.16.0.1, PRIVATE",
        "172.31.255.255, PRIVATE",
        "172.32.0.0, PUBLIC",
        "192.168.0.1, PRIVATE",
        "192.0.0.7, PRIVATE",
        "192.0.0.8, PUBLIC",
        "100.63.255.255, PUBLIC",
        "100.64.0.0, CARRIER",
        "100.127.255.255, CARRIER",
        "100.128.0.0, PUBLIC",
        "127.0.0.1, HOST",
        "169.254.1.1, HOST",
        "203.0.113.10, PUBLIC",
        "::1, HOST",
        "fe80::1, HOST",
        "febf::1, HOST",
        "fec0::1, PUBLIC",
        "fd00::1, PRIVATE",
        "fe00::1, PUBLIC",
        "2001:db8::1, PUBLIC",
    })
    void addressesAreToldApartByTheirReach(String address, AddressScope expected) {
        assertThat(AddressScope.of(IpAddress.parse(address).orElseThrow())).isEqualTo(expected);
    }

    private static TransportAddress address(String text) {
        return TransportAddress.parse(text).orElseThrow();
    }
}
