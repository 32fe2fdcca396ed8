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
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Rfc;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What senders must leave at zero, and receivers must not look at. */
class ReservedBitsTest {
    private static final TransactionId ID = new TransactionId(0x2112A44200000000L, 0);
    private static final int VALUE = StunMessage.HEADER_LENGTH + 4;

    private final ByteBuffer buffer = ByteBuffer.allocate(200);
    private final StunWriter writer = new StunWriter();
    private final StunMessage message = new StunMessage();

    /** Each attribute with the bits of its value that mean nothing. */
    static Stream<Arguments> reserved() {
        TransportAddress address = TransportAddress.parse("192.0.2.1:5000").orElseThrow();
        TransportAddress v6 = TransportAddress.parse("[2001:db8::1]:5000").orElseThrow();
        return Stream.of(
                Arguments.of(new MappedAddress(address), "ff00000000000000"),
                Arguments.of(new XorMappedAddress(address), "ff00000000000000"),
                Arguments.of(new XorMappedAddress(v6), "ff00000000000000000000000000000000000000"),
                Arguments.of(new ErrorCode(438, "Stale Nonce"), "fffff80000"),
                Arguments.of(new ChangeRequest(true, false), "fffffff9"),
                Arguments.of(new ChannelNumber(0x4001), "0000ffff"),
                Arguments.of(new RequestedAddressFamily(2), "00ffffff"),
                Arguments.of(new AdditionalAddressFamily(2), "00ffffff"),
                Arguments.of(new EvenPort(true), "7f"),
                Arguments.of(new RequestedTransport(17), "00ffffff"),
                Arguments.of(new AddressErrorCode(1, 508, ""), "00fff800"),
                Arguments.of(new Icmp(3, 4, 1400), "ffff000000000000"));
    }

    @ParameterizedTest
    @MethodSource("reserved")
    @Rfc({"8489#14.1 (1)", "8489#14.8 (1)", "8656#18 (2)", "5780#7 (2)"})
    void reservedBitsAreWrittenAsZerosAndIgnored(Attribute attribute, String mask) {
        byte[] bits = HexFormat.of().parseHex(mask);
        write(attribute);
        for (int i = 0; i < bits.length; i++) {
            assertThat(buffer.get(VALUE + i) & bits[i]).as("byte %d", i).isZero();
            buffer.put(VALUE + i, (byte) (buffer.get(VALUE + i) | bits[i]));
        }

        assertThat(message.wrap(buffer)).isEqualTo(Malformation.NONE);

        assertThat(read(attribute.type())).contains(attribute);
    }

    @Test
    @Rfc("8489#14 (3)")
    void paddingOfAnyKindIsIgnored() {
        Username odd = new Username("12345");
        write(odd);
        for (int at = VALUE + 5; at < buffer.limit(); at++) {
            buffer.put(at, (byte) 0xFF);
        }

        message.wrap(buffer);

        assertThat(message.get(Username.TYPE)).contains(odd);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000200", "00000700", "00000000", "00000464", "000004ff"})
    @Rfc("8489#14.8 (2)")
    void errorClassesOutside3To6AndNumbersAbove99AreRefused(String value) {
        assertThat(decoded(ErrorCode.TYPE, value)).isEmpty();
        assertThat(decoded(AddressErrorCode.TYPE, value)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00010001c0000201ff",
                "000100010000000000000000000000000000000000",
                "00020001c0000201",
                "00030001c0000201",
                "0000000100000000"
            })
    @Rfc("8489#14.1 (2)")
    void addressWhoseLengthIsNotThatOfItsFamilyIsRefused(String value) {
        assertThat(decoded(MappedAddress.TYPE, value)).isEmpty();
        assertThat(decoded(XorMappedAddress.TYPE, value)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 508, 763})
    @Rfc("8489#14.3")
    void usernameAsLongAsOlderVersionsAllowIsRead(int length) {
        String text = "u".repeat(length);

        assertThat(decoded(Username.TYPE, HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII))))
                .contains(new Username(text));
    }

    private void write(Attribute attribute) {
        buffer.clear();
        writer.begin(buffer, MessageClass.REQUEST, StunMethod.ALLOCATE, ID).add(attribute);
        buffer.flip();
    }

    private <T> Optional<T> decoded(AttributeType<T> type, String hex) {
        ByteBuffer large = ByteBuffer.allocate(1000);
        writer.begin(large, MessageClass.REQUEST, StunMethod.ALLOCATE, ID)
                .add(type, ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
        message.wrap(large.flip());
        return message.get(type);
    }

    @SuppressWarnings("unchecked")
    private Optional<Object> read(AttributeType<?> type) {
        return message.get((AttributeType<Object>) type);
    }
}
