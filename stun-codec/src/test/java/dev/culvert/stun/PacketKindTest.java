package dev.culvert.stun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.Rfc;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketKindTest {
    @ParameterizedTest
    @CsvSource({
        "0, 3, STUN",
        "4, 15, OTHER",
        "16, 19, ZRTP",
        "20, 63, DTLS",
        "64, 79, TURN_CHANNEL",
        "80, 127, OTHER",
        "128, 191, RTP",
        "192, 255, OTHER"
    })
    @Rfc("7983#7")
    void firstByteTellsTheProtocol(int from, int to, PacketKind kind) {
        for (int b = from; b <= to; b++) {
            ByteBuffer packet = ByteBuffer.wrap(new byte[] {0, (byte) b, 0}).position(1);
            assertThat(PacketKind.of(packet)).as("%d", b).isEqualTo(kind);
        }
    }

    @Test
    void emptyPacketIsNoKnownProtocol() {
        assertThat(PacketKind.of(ByteBuffer.allocate(0))).isEqualTo(PacketKind.OTHER);
    }
}
