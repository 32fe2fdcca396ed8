package dev.culvert.stun.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.testkit.Rfc;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every attribute, written and read again, and given values of every wrong length. */
class AttributeRoundTripTest {
    private static final int VALUES_PER_TYPE = 300;
    private static final int LONGEST_LIE = 70;

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(8489);
    private final RandomAttributes values = new RandomAttributes(random);
    private final StunWriter writer = new StunWriter();
    private final StunMessage message = new StunMessage();
    private final ByteBuffer buffer = ByteBuffer.allocate(4096);

    static List<AttributeType<?>> all() {
        return Attributes.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    @Rfc("8489#14 (1)")
    void everyValueIsReadAsItWasWritten(AttributeType<?> type) {
        for (int i = 0; i < VALUES_PER_TYPE; i++) {
            Attribute attribute = values.next(type);

            write(attribute);

            assertThat(message.wrap(buffer)).isEqualTo(Malformation.NONE);
            assertThat(attribute.type()).isEqualTo(type);
            assertThat(message.<Object>get(untyped(type))).contains(attribute);
            assertThat(Attributes.firstUndecodable(message)).isEmpty();
        }
    }

    /** Padding is zero even in a used buffer. */
    @ParameterizedTest
    @MethodSource("all")
    @Rfc("8489#14 (2)")
    void paddingIsWrittenAsZeros(AttributeType<?> type) {
        for (int i = 0; i < VALUES_PER_TYPE; i++) {
            random.nextBytes(buffer.array());

            write(values.next(type));

            message.wrap(buffer);
            int at = message.firstAttribute();
            for (int p = at + 4 + message.lengthAt(at); p < buffer.limit(); p++) {
                assertThat(buffer.get(p)).isZero();
            }
        }
    }

    /** A value cut short, or with bytes to spare, decodes or does not; it never throws and never reads beyond itself. */
    @ParameterizedTest
    @MethodSource("all")
    @Rfc("8489#14 (5)")
    void valuesOfEveryWrongLengthNeverThrow(AttributeType<?> type) {
        for (int length = 0; length <= LONGEST_LIE; length++) {
            byte[] value = new byte[length];
            random.nextBytes(value);
            buffer.clear();
            writer.begin(buffer, MessageClass.REQUEST, StunMethod.BINDING, TransactionId.random(random))
                    .add(type, ByteBuffer.wrap(value));

            Malformation malformation = message.wrap(buffer.flip());

            assertThat(malformation).isEqualTo(Malformation.NONE);
            boolean decodes = message.get(type).isPresent();
            assertThat(Attributes.firstUndecodable(message).isPresent())
                    .as("%s of %d bytes", type, length)
                    .isEqualTo(!decodes);
        }
    }

    /** An attribute whose length field points past the end of the message makes the message malformed. */
    @ParameterizedTest
    @MethodSource("all")
    @Rfc("8489#14 (1)")
    void attributeLongerThanItsMessageIsMalformed(AttributeType<?> type) {
        write(values.next(type));
        int length = buffer.getShort(22) & 0xFFFF;
        buffer.putShort(22, (short) (length + 4));

        Malformation malformation = message.wrap(buffer);

        assertThat(malformation).isEqualTo(Malformation.ATTRIBUTE_OVERRUN);
        assertThat(message.firstAttribute()).isEqualTo(StunMessage.ABSENT);
    }

    private void write(Attribute attribute) {
        buffer.clear();
        writer.begin(buffer, MessageClass.REQUEST, StunMethod.BINDING, TransactionId.random(random))
                .add(attribute);
        buffer.flip();
    }

    @SuppressWarnings("unchecked")
    private static AttributeType<Object> untyped(AttributeType<?> type) {
        return (AttributeType<Object>) type;
    }
}
