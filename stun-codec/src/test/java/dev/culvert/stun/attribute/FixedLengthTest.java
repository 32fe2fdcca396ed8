package dev.culvert.stun.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.AttributeType;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.testkit.Rfc;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The lengths that RFCs fix: a value of zeros decodes with these and with no others. */
class FixedLengthTest {
    private static final int LONGEST = 64;

    static Stream<Arguments> lengths() {
        return Stream.of(
                Arguments.of(MessageIntegrity.TYPE, new int[] {20}),
                Arguments.of(MessageIntegritySha256.TYPE, new int[] {16, 20, 24, 28, 32}),
                Arguments.of(ChannelNumber.TYPE, new int[] {4}),
                Arguments.of(Lifetime.TYPE, new int[] {4}),
                Arguments.of(ChangeRequest.TYPE, new int[] {4}),
                Arguments.of(RequestedAddressFamily.TYPE, new int[] {4}),
                Arguments.of(AdditionalAddressFamily.TYPE, new int[] {4}),
                Arguments.of(EvenPort.TYPE, new int[] {1}),
                Arguments.of(RequestedTransport.TYPE, new int[] {4}),
                Arguments.of(DontFragment.TYPE, new int[] {0}),
                Arguments.of(UseCandidate.TYPE, new int[] {0}),
                Arguments.of(Userhash.TYPE, new int[] {32}),
                Arguments.of(ReservationToken.TYPE, new int[] {8}),
                Arguments.of(Priority.TYPE, new int[] {4}),
                Arguments.of(ConnectionId.TYPE, new int[] {4}),
                Arguments.of(Icmp.TYPE, new int[] {8}),
                Arguments.of(TransactionTransmitCounter.TYPE, new int[] {4}),
                Arguments.of(CacheTimeout.TYPE, new int[] {4}),
                Arguments.of(Fingerprint.TYPE, new int[] {4}),
                Arguments.of(IceControlled.TYPE, new int[] {8}),
                Arguments.of(IceControlling.TYPE, new int[] {8}),
                Arguments.of(EcnCheck.TYPE, new int[] {4}),
                Arguments.of(PasswordAlgorithm.TYPE, new int[] {4}),
                // Four where the sender counts the padding.
                Arguments.of(ResponsePort.TYPE, new int[] {2, 4}));
    }

    @ParameterizedTest
    @MethodSource("lengths")
    @Rfc({"8489#14 (5)", "8656#18 (1)", "8445#16.1", "5780#7 (1)"})
    void onlyTheLengthsOfTheRfcDecode(AttributeType<?> type, int[] allowed) {
        BitSet decoded = new BitSet();

        for (int length = 0; length <= LONGEST; length++) {
            decoded.set(length, decodes(type, length));
        }

        assertThat(decoded.stream().toArray()).isEqualTo(allowed);
    }

    private static boolean decodes(AttributeType<?> type, int length) {
        ByteBuffer buffer = ByteBuffer.allocate(200);
        new StunWriter()
                .begin(buffer, MessageClass.REQUEST, StunMethod.BINDING, new TransactionId(0x2112A44200000000L, 0))
                .add(type, ByteBuffer.allocate(length));
        StunMessage message = new StunMessage();
        message.wrap(buffer.flip());
        return message.get(type).isPresent();
    }
}
