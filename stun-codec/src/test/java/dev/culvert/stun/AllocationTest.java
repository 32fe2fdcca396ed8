package dev.culvert.stun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.Username;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.stun.integrity.IntegrityCheck;
import dev.culvert.stun.integrity.IntegrityKey;
import dev.culvert.stun.integrity.IntegrityMac;
import dev.culvert.testkit.AllocationMeter;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What runs for every packet leaves nothing to the garbage collector. */
class AllocationTest {
    private static final TransactionId ID = new TransactionId(0x2112A44201020304L, 0x05060708090A0B0CL);

    /** Two keys, as on a server where each message has another. */
    private static final List<IntegrityKey> KEYS = List.of(
            IntegrityKey.longTerm("alice", "example.org", "secret"),
            IntegrityKey.longTerm(PasswordAlgorithm.SHA_256, "bob", "example.org", "hidden"));

    private final StunMessage message = new StunMessage();
    private final IntegrityMac mac = new IntegrityMac();
    private int turn;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void wrappingCheckingAndFindingAllocateNothing(boolean direct) {
        ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(1000) : ByteBuffer.allocate(1000);
        StunWriter writer = new StunWriter();
        writer.begin(buffer, MessageClass.REQUEST, StunMethod.CREATE_PERMISSION, ID)
                .add(new XorPeerAddress(TransportAddress.parse("192.0.2.1:9").orElseThrow()))
                .add(new Username("alice"))
                .add(new Realm("example.org"))
                .add(new Nonce("0123456789abcdef0123456789abcdef"));
        mac.sign(writer, KEYS.get(0));
        mac.signSha256(writer, KEYS.get(0));
        writer.fingerprint();
        buffer.flip();

        double bytes = AllocationMeter.bytesPerOperation(5_000, 2_000, () -> {
            if (message.wrap(buffer) != Malformation.NONE
                    || message.checkFingerprint() != StunMessage.FingerprintCheck.VALID
                    || message.find(Nonce.TYPE.number()) == StunMessage.ABSENT
                    || message.has(PasswordAlgorithm.TYPE)
                    || !message.is(MessageClass.REQUEST, StunMethod.CREATE_PERMISSION)
                    || mac.verify(message, KEYS.get(0)) != IntegrityCheck.VALID
                    || mac.verifySha256(message, KEYS.get(0)) != IntegrityCheck.VALID
                    || mac.verify(message, KEYS.get(1)) != IntegrityCheck.INVALID) {
                throw new AssertionError("the message is good");
            }
        });

        assertThat(bytes).isZero();
    }

    @Test
    void signingAllocatesNothing() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1000);
        StunWriter writer = new StunWriter();

        double bytes = AllocationMeter.bytesPerOperation(5_000, 2_000, () -> {
            writer.begin(buffer.clear(), MessageClass.SUCCESS_RESPONSE, StunMethod.REFRESH, ID);
            mac.sign(writer, KEYS.get(turn++ & 1));
            mac.signSha256(writer, KEYS.get(turn & 1));
            writer.fingerprint();
        });

        assertThat(bytes).isZero();
    }

    @Test
    void channelDataAndWholeFramesAllocateNothing() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1000);
        ChannelData.writeHeader(buffer, 0x4001, 200);
        buffer.position(buffer.position() + 200);
        ChannelData.pad(buffer, 200);
        buffer.flip();
        ChannelData channelData = new ChannelData();
        StreamFrames frames = new StreamFrames(2000);
        StreamFrames.Receiver receiver = channelData::wrap;

        double bytes = AllocationMeter.bytesPerOperation(5_000, 2_000, () -> {
            frames.feed(buffer.position(0), receiver);
            if (channelData.number() != 0x4001 || channelData.lengthBytes() != 200) {
                throw new AssertionError("the frame is good");
            }
        });

        assertThat(bytes).isZero();
    }
}
