package dev.culvert.stun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.testkit.Rfc;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelDataTest {
    private final ChannelData channelData = new ChannelData();

    @ParameterizedTest
    @ValueSource(ints = {0x4000, 0x4FFF, 0x5000, 0x7FFF})
    @Rfc({"8656#12.4", "5766#11.4"})
    void numberAndPayloadAreRead(int number) {
        ByteBuffer buffer = ByteBuffer.allocate(100).position(3);
        ChannelData.writeHeader(buffer, number, 5);
        buffer.put("hello".getBytes(StandardCharsets.US_ASCII)).flip().position(3);

        Malformation malformation = channelData.wrap(buffer);

        assertThat(malformation).isEqualTo(Malformation.NONE);
        assertThat(channelData.number()).isEqualTo(number);
        assertThat(channelData.lengthBytes()).isEqualTo(5);
        assertThat(channelData.payloadOffset()).isEqualTo(7);
        assertThat(StandardCharsets.US_ASCII.decode(channelData.payload()).toString())
                .isEqualTo("hello");
    }

    @Test
    @Rfc("8656#12.5 (2)")
    void paddingIsOptionalOverUdp() {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        ChannelData.writeHeader(buffer, 0x4000, 5);
        buffer.put(new byte[5]);
        ChannelData.pad(buffer, 5);

        Malformation malformation = channelData.wrap(buffer.flip());

        assertThat(buffer.limit()).isEqualTo(ChannelData.streamLength(5)).isEqualTo(12);
        assertThat(malformation).isEqualTo(Malformation.NONE);
        assertThat(channelData.lengthBytes()).isEqualTo(5);
    }

    @Test
    @Rfc("8656#12.6")
    void lengthThatClaimsMoreThanThereIsIsMalformed() {
        ByteBuffer buffer = ByteBuffer.allocate(10);
        ChannelData.writeHeader(buffer, 0x4000, 7);

        Malformation malformation = channelData.wrap(buffer.position(0));

        assertThat(malformation).isEqualTo(Malformation.CHANNEL_DATA_TOO_SHORT);
        assertThat(channelData.lengthBytes()).isZero();
    }

    @Test
    @Rfc("5766#11")
    void otherProtocolsAndStumpsAreNotChannelData() {
        assertThat(channelData.wrap(ByteBuffer.wrap(new byte[] {0x40, 0, 0}))).isEqualTo(Malformation.NOT_CHANNEL_DATA);
        for (int first : new int[] {0x00, 0x3F, 0x80, 0xFF}) {
            ByteBuffer bytes = ByteBuffer.wrap(new byte[] {(byte) first, 0, 0, 0});
            assertThat(channelData.wrap(bytes)).isEqualTo(Malformation.NOT_CHANNEL_DATA);
        }
    }

    @Test
    void headerOfNoChannelIsACallersMistake() {
        ByteBuffer buffer = ByteBuffer.allocate(4);

        assertThatThrownBy(() -> ChannelData.writeHeader(buffer, 0x3FFF, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ChannelData.writeHeader(buffer, 0x8000, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ChannelData.writeHeader(buffer, 0x4000, 0x10000))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(buffer.position()).isZero();
    }
}
