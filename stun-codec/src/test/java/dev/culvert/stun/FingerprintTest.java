package dev.culvert.stun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.attribute.Fingerprint;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.Software;
import dev.culvert.testkit.Rfc;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FingerprintTest {
    private static final TransactionId ID = new TransactionId(0x2112A44201020304L, 0x05060708090A0B0CL);

    private final ByteBuffer buffer = ByteBuffer.allocate(2000);
    private final StunWriter writer = new StunWriter();
    private final StunMessage message = new StunMessage();

    /** Even with the value that it would have if what follows were none of its business. */
    @Test
    @Rfc("8489#14.7 (2)")
    void fingerprintThatIsNotLastIsInvalid() {
        writer.begin(buffer, MessageClass.REQUEST, StunMethod.BINDING, ID)
                .add(new Fingerprint(0))
                .add(new Lifetime(600));
        CRC32 crc = new CRC32();
        crc.update(buffer.array(), 0, StunMessage.HEADER_LENGTH);
        buffer.putInt(StunMessage.HEADER_LENGTH + 4, (int) crc.getValue() ^ 0x5354554E);

        message.wrap(buffer.flip());

        assertThat(message.checkFingerprint()).isEqualTo(StunMessage.FingerprintCheck.INVALID);
        assertThat(message.has(Lifetime.TYPE)).isFalse();
    }

    /** The value of the test above is right where nothing follows, so that its place alone is what is wrong there. */
    @Test
    @Rfc("8489#14.7 (1)")
    void fingerprintIsTheCrcOfTheJdk() {
        writer.begin(buffer, MessageClass.REQUEST, StunMethod.BINDING, ID).add(new Fingerprint(0));
        CRC32 crc = new CRC32();
        crc.update(buffer.array(), 0, StunMessage.HEADER_LENGTH);
        buffer.putInt(StunMessage.HEADER_LENGTH + 4, (int) crc.getValue() ^ 0x5354554E);

        message.wrap(buffer.flip());

        assertThat(message.checkFingerprint()).isEqualTo(StunMessage.FingerprintCheck.VALID);
    }

    @Test
    @Rfc("8489#14.7 (1)")
    void wrongFingerprintIsInvalid() {
        writer.begin(buffer, MessageClass.REQUEST, StunMethod.BINDING, ID).add(new Fingerprint(0x12345678));

        message.wrap(buffer.flip());

        assertThat(message.checkFingerprint()).isEqualTo(StunMessage.FingerprintCheck.INVALID);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 600, 1400})
    @Rfc("8489#14.7 (1)")
    void fingerprintHoldsForMessagesOfEveryLength(int length) {
        ByteBuffer large = ByteBuffer.allocateDirect(2000);
        writer.begin(large, MessageClass.INDICATION, StunMethod.DATA, ID)
                .add(Software.TYPE, ByteBuffer.allocate(length))
                .fingerprint();

        message.wrap(large.flip());

        assertThat(message.checkFingerprint()).isEqualTo(StunMessage.FingerprintCheck.VALID);
    }
}
