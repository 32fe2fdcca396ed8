package dev.culvert.stun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.attribute.Software;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.testkit.Rfc;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class StunMessageTest {
    private final StunWriter writer = new StunWriter();
    private final StunMessage message = new StunMessage();
    private final TransactionId id = TransactionId.random(RandomGenerator.of("L64X128MixRandom"));

    @Test
    @Rfc("8489#14.2")
    void bindingResponseRoundTrips() {
        TransportAddress v6 = TransportAddress.parse("[2001:db8::1]:40123").orElseThrow();
        ByteBuffer buffer = ByteBuffer.allocate(200);
        writer.begin(buffer, MessageClass.SUCCESS_RESPONSE, StunMethod.BINDING, id)
                .add(new XorMappedAddress(v6))
                .add(new Software("abc"))
                .fingerprint();

        Malformation malformation = message.wrap(buffer.flip());

        assertThat(malformation).isEqualTo(Malformation.NONE);
        assertThat(message.is(MessageClass.SUCCESS_RESPONSE, StunMethod.BINDING))
                .isTrue();
        assertThat(message.transactionId()).isEqualTo(id);
        assertThat(message.get(XorMappedAddress.TYPE)).contains(new XorMappedAddress(v6));
        assertThat(message.get(Software.TYPE)).contains(new Software("abc"));
        assertThat(message.checkFingerprint()).isEqualTo(StunMessage.FingerprintCheck.VALID);
    }
}
