package dev.culvert.stun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.CapturedMessages.Captured;
import dev.culvert.stun.attribute.Attributes;
import dev.culvert.stun.attribute.MessageIntegrity;
import dev.culvert.stun.integrity.IntegrityCheck;
import dev.culvert.stun.integrity.IntegrityKey;
import dev.culvert.stun.integrity.IntegrityMac;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages of coturn's clients and server, Chromium, aioice and the RFC 3489 client: each is read whole. */
class CapturedMessagesTest {
    private final StunMessage message = new StunMessage();
    private final IntegrityMac mac = new IntegrityMac();

    static List<Captured> stun() {
        return CapturedMessages.all().stream().filter(c -> !c.isChannelData()).toList();
    }

    static List<Captured> channelData() {
        return CapturedMessages.all().stream().filter(Captured::isChannelData).toList();
    }

    @ParameterizedTest
    @MethodSource("stun")
    void messageIsReadAndEveryAttributeIsKnown(Captured captured) {
        Malformation malformation =
                message.wrap(ByteBuffer.wrap(captured.bytes().toBytes()));

        assertThat(malformation).isEqualTo(Malformation.NONE);
        String messageClass =
                message.messageClass().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        assertThat(StunMethod.name(message.method()) + " " + messageClass).isEqualTo(captured.description());
        assertThat(message.isClassic()).isEqualTo(captured.sender().contains("RFC 3489"));
        assertThat(message.checkFingerprint()).isNotEqualTo(StunMessage.FingerprintCheck.INVALID);
        assertThat(Attributes.firstUndecodable(message)).isEmpty();
        for (int at = message.firstAttribute(); at != StunMessage.ABSENT; at = message.nextAttribute(at)) {
            assertThat(Attributes.byNumber(message.typeAt(at)))
                    .as("0x%04X", message.typeAt(at))
                    .isPresent();
        }
    }

    @ParameterizedTest
    @MethodSource("stun")
    void integrityHoldsWithTheKeyAndNoOther(Captured captured) {
        message.wrap(ByteBuffer.wrap(captured.bytes().toBytes()));

        captured.key()
                .ifPresentOrElse(
                        key -> assertThat(mac.verify(message, key)).isEqualTo(IntegrityCheck.VALID),
                        () -> assertThat(message.has(MessageIntegrity.TYPE)).isFalse());
        assertThat(mac.verify(message, IntegrityKey.shortTerm("another"))).isNotEqualTo(IntegrityCheck.VALID);
    }

    @ParameterizedTest
    @MethodSource("channelData")
    void channelDataIsRead(Captured captured) {
        ChannelData channelData = new ChannelData();

        Malformation malformation =
                channelData.wrap(ByteBuffer.wrap(captured.bytes().toBytes()));

        assertThat(malformation).isEqualTo(Malformation.NONE);
        assertThat(channelData.payload().remaining()).isEqualTo(channelData.lengthBytes());
    }

    @Test
    void everyProgramIsThere() {
        assertThat(CapturedMessages.all())
                .extracting(Captured::sender)
                .contains(
                        "turnutils_stunclient",
                        "turnutils_natdiscovery",
                        "turnutils_uclient",
                        "aioice",
                        "Chromium",
                        "Chromium, relay only",
                        "stun (RFC 3489 client)");
    }
}
