package dev.culvert.server.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.Requirements;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostUdpErrorsTest {
    @Test
    void ofIpv4TheColumnIsFoundByItsName() {
        List<String> lines = List.of(
                "Tcp: RtoAlgorithm RtoMin",
                "Tcp: 1 200",
                "Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors",
                "Udp: 1000 5 7 900 6 0",
                "UdpLite: InDatagrams RcvbufErrors",
                "UdpLite: 1 99");

        assertThat(HostUdpErrors.ofIpv4(lines)).isEqualTo(6);
        assertThat(HostUdpErrors.ofIpv4(List.of("Udp: InDatagrams", "Udp: 1000")))
                .isZero();
        assertThat(HostUdpErrors.ofIpv4(List.of())).isZero();
    }

    @Test
    void ofIpv6TheLineIsFoundByItsName() {
        assertThat(HostUdpErrors.ofIpv6(
                        List.of("Udp6InErrors      \t12", "Udp6RcvbufErrors  \t11", "UdpLite6RcvbufErrors \t3")))
                .isEqualTo(11);
    }

    @Test
    void linuxTells() {
        Requirements.linux();

        assertThat(HostUdpErrors.receiveBufferFull()).isPresent();
    }
}
