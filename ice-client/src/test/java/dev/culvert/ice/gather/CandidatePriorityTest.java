package dev.culvert.ice.gather;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.stun.IpAddress;
import dev.culvert.testkit.Rfc;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CandidatePriorityTest {
    @Test
    @Rfc("8445#5.1.2.1 (1)")
    void theFormulaIsThatOfTheRfc() {
        assertThat(CandidatePriority.of(CandidateType.HOST, 65535, 1)).isEqualTo(2130706431);
        assertThat(CandidatePriority.of(CandidateType.SRFLX, 65535, 1)).isEqualTo(1694498815);
        assertThat(CandidatePriority.of(CandidateType.PRFLX, 65535, 2)).isEqualTo(1862270974);
        assertThat(CandidatePriority.of(CandidateType.RELAY, 0, 256)).isEqualTo(1);
    }

    @Test
    void whatIsOutOfRangeIsRefused() {
        assertThatThrownBy(() -> CandidatePriority.of(CandidateType.HOST, 65536, 1))
                .hasMessageContaining("65536");
        assertThatThrownBy(() -> CandidatePriority.of(CandidateType.HOST, 1, 257))
                .hasMessageContaining("257");
    }

    @Test
    @Rfc("8445#5.1.1.3")
    void foundationsDifferByTypeBaseServerAndTransport() {
        Foundations foundations = Foundations.ofSession(new Random(1));
        IpAddress base = IpAddress.parse("192.0.2.1").orElseThrow();
        IpAddress other = IpAddress.parse("192.0.2.2").orElseThrow();

        String one = foundations.of(CandidateType.SRFLX, base, "192.0.2.9", "UDP");

        assertThat(foundations.of(CandidateType.SRFLX, base, "192.0.2.9", "UDP"))
                .isEqualTo(one);
        assertThat(foundations.of(CandidateType.RELAY, base, "192.0.2.9", "UDP"))
                .isNotEqualTo(one);
        assertThat(foundations.of(CandidateType.SRFLX, other, "192.0.2.9", "UDP"))
                .isNotEqualTo(one);
        assertThat(foundations.of(CandidateType.SRFLX, base, "192.0.2.8", "UDP"))
                .isNotEqualTo(one);
        assertThat(foundations.of(CandidateType.SRFLX, base, "192.0.2.9", "TCP"))
                .isNotEqualTo(one);
    }

    @Test
    void foundationsOfAnotherSessionTellNothing() {
        IpAddress base = IpAddress.parse("192.0.2.1").orElseThrow();

        assertThat(Foundations.ofSession(new Random(1)).of(CandidateType.HOST, base, "", "UDP"))
                .isNotEqualTo(Foundations.ofSession(new Random(2)).of(CandidateType.HOST, base, "", "UDP"));
    }
}
