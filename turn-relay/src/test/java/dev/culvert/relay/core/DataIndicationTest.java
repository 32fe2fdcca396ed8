package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.stun.Malformation;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Octets;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.testkit.AllocationMeter;
import dev.culvert.testkit.Rfc;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataIndicationTest {
    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.9:5000", "[2001:db8:9::9]:65535"})
    @Rfc({"8656#11.3", "8656#11.3 (2)"})
    void codecReadsWhatIsWritten(String peer) {
        TransportAddress address = Ask.address(peer);
        for (int length : new int[] {0, 1, 2, 3, 4, 1200, DataIndication.MAX_DATA_LENGTH}) {
            byte[] payload = new byte[length];
            Arrays.fill(payload, (byte) 0xA5);
            ByteBuffer buffer = ByteBuffer.allocate(70_000);

            DataIndication.writeHeader(buffer, 0x8899AABB, 0xCCDDEEFF_00112233L, address, length);
            assertThat(buffer.position())
                    .isEqualTo(DataIndication.headerLength(address))
                    .isLessThanOrEqualTo(DataIndication.MAX_HEADER_LENGTH);
            buffer.put(payload);
            DataIndication.writePadding(buffer, length);

            StunMessage message = new StunMessage();
            assertThat(message.wrap(buffer.flip())).isEqualTo(Malformation.NONE);
            assertThat(message.is(MessageClass.INDICATION, StunMethod.DATA)).isTrue();
            assertThat(message.transactionId()).hasToString("8899aabbccddeeff00112233");
            assertThat(message.get(XorPeerAddress.TYPE)).contains(new XorPeerAddress(address));
            assertThat(message.get(Data.TYPE)).contains(new Data(Octets.of(payload)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, DataIndication.MAX_DATA_LENGTH + 1})
    void dataThatDoNotFitAreACallersMistake(int lengthBytes) {
        assertThatThrownBy(() -> DataIndication.writeHeader(
                        ByteBuffer.allocate(100), 0, 0, Ask.address("192.0.2.9:5000"), lengthBytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Integer.toString(lengthBytes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.9:5000", "[2001:db8:9::9]:65535"})
    void writingAllocatesNothing(String peer) {
        TransportAddress address = Ask.address(peer);
        ByteBuffer buffer = ByteBuffer.allocateDirect(DataIndication.MAX_HEADER_LENGTH);

        double bytes = AllocationMeter.bytesPerOperation(
                () -> DataIndication.writeHeader(buffer.clear(), 1, 2, address, 1200));

        assertThat(bytes).isZero();
    }
}
