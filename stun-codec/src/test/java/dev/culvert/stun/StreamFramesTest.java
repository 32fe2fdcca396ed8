package dev.culvert.stun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.attribute.Software;
import dev.culvert.testkit.Rfc;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class StreamFramesTest {
    private static final int MAX_LENGTH = 1500;
    private static final TransactionId ID = new TransactionId(0x2112A44201020304L, 0x05060708090A0B0CL);

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(4571);
    private final List<Octets> received = new ArrayList<>();

    @Test
    @Rfc({"8489#6.2.2", "8656#12.5 (1)"})
    void framesComeOutWholeHoweverTheStreamIsCut() {
        for (int round = 0; round < 200; round++) {
            List<Octets> sent = new ArrayList<>();
            ByteBuffer stream = ByteBuffer.allocate(20_000);
            for (int i = 0; i < 10; i++) {
                int start = stream.position();
                writeFrame(stream);
                sent.add(copy(stream, start, stream.position() - start));
            }
            stream.flip();
            received.clear();
            StreamFrames frames = new StreamFrames(MAX_LENGTH);

            while (stream.hasRemaining()) {
                int count = Math.min(stream.remaining(), random.nextInt(round % 2 == 0 ? 7 : 900));
                assertThat(frames.feed(cut(stream, count), this::receive)).isEqualTo(Malformation.NONE);
            }

            assertThat(received).isEqualTo(sent);
            assertThat(frames.pendingBytes()).isZero();
        }
    }

    @Test
    void wholeFramesAreHandedOnInPlace() {
        ByteBuffer stream = ByteBuffer.allocateDirect(2000);
        writeFrame(stream);
        stream.flip();
        List<ByteBuffer> lent = new ArrayList<>();

        new StreamFrames(MAX_LENGTH).feed(stream, (buffer, offset, length) -> lent.add(buffer));

        assertThat(lent).hasSize(1);
        assertThat(lent.get(0)).isSameAs(stream);
    }

    @Test
    @Rfc("8489#5 (1)")
    void neitherStunNorChannelDataBreaksTheStream() {
        for (int first : new int[] {0x04, 0x16, 0x3F, 0x80, 0xFF}) {
            assertThat(feed((byte) first)).isEqualTo(Malformation.UNKNOWN_FRAME);
        }
    }

    @Test
    @Rfc("8489#5 (3)")
    void unalignedLengthBreaksTheStream() {
        assertThat(feed((byte) 0, (byte) 1, (byte) 0, (byte) 6)).isEqualTo(Malformation.UNALIGNED_LENGTH);
    }

    @Test
    void tooLongFramesBreakTheStreamBeforeTheyArrive() {
        assertThat(feed((byte) 0, (byte) 1, (byte) 0x10, (byte) 0)).isEqualTo(Malformation.FRAME_TOO_LONG);
        assertThat(feed((byte) 0x40, (byte) 1, (byte) 0x10, (byte) 0)).isEqualTo(Malformation.FRAME_TOO_LONG);
    }

    @Test
    void brokenStreamStaysBrokenAndWhatCameBeforeIsDelivered() {
        StreamFrames frames = new StreamFrames(MAX_LENGTH);
        ByteBuffer stream = ByteBuffer.allocate(2000);
        writeFrame(stream);
        stream.put((byte) 0xFF).put(new byte[30]).flip();
        ByteBuffer good = ByteBuffer.allocate(2000);
        writeFrame(good);
        good.flip();

        Malformation first = frames.feed(stream, this::receive);
        Malformation second = frames.feed(good, this::receive);

        assertThat(first).isEqualTo(Malformation.UNKNOWN_FRAME);
        assertThat(second).isEqualTo(Malformation.UNKNOWN_FRAME);
        assertThat(received).hasSize(1);
        assertThat(stream.hasRemaining()).isFalse();
        assertThat(good.hasRemaining()).isFalse();
    }

    /** A peer that announces a long message and then sends it by the byte must not make us keep more than it sent. */
    @Test
    void claimedLengthReservesNothing() {
        StreamFrames frames = new StreamFrames(70_000);
        ByteBuffer header = ByteBuffer.wrap(new byte[] {0x40, 0, (byte) 0xFF, (byte) 0xF0});
        ByteBuffer one = ByteBuffer.allocate(1);

        frames.feed(header, this::receive);
        for (int i = 0; i < 100; i++) {
            frames.feed(one.clear(), this::receive);
        }

        assertThat(frames.pendingBytes()).isEqualTo(104);
        assertThat(received).isEmpty();
    }

    private Malformation feed(byte... bytes) {
        Malformation whole = new StreamFrames(MAX_LENGTH).feed(ByteBuffer.wrap(bytes), this::receive);
        StreamFrames frames = new StreamFrames(MAX_LENGTH);
        Malformation byByte = Malformation.NONE;
        for (byte b : bytes) {
            byByte = frames.feed(ByteBuffer.wrap(new byte[] {b}), this::receive);
        }
        assertThat(byByte).isEqualTo(whole);
        assertThat(received).isEmpty();
        return whole;
    }

    private void writeFrame(ByteBuffer stream) {
        byte[] content = new byte[random.nextInt(1000)];
        random.nextBytes(content);
        if (random.nextBoolean()) {
            ChannelData.writeHeader(stream, 0x4000 + random.nextInt(0x4000), content.length);
            stream.put(content);
            ChannelData.pad(stream, content.length);
            return;
        }
        new StunWriter()
                .begin(stream, MessageClass.INDICATION, StunMethod.SEND, ID)
                .add(Software.TYPE, ByteBuffer.wrap(content));
    }

    private ByteBuffer cut(ByteBuffer stream, int count) {
        ByteBuffer chunk = random.nextBoolean() ? ByteBuffer.allocateDirect(count) : ByteBuffer.allocate(count);
        chunk.put(0, stream, stream.position(), count);
        stream.position(stream.position() + count);
        return chunk;
    }

    private void receive(ByteBuffer buffer, int offset, int lengthBytes) {
        received.add(copy(buffer, offset, lengthBytes));
    }

    private static Octets copy(ByteBuffer buffer, int offset, int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        buffer.get(offset, bytes);
        return Octets.of(bytes);
    }
}
