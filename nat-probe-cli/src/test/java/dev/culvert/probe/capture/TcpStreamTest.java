package dev.culvert.probe.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.Software;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TcpStreamTest {
    /** Close to where sequence numbers begin again. */
    private static final int START = -30;

    private final TcpStream stream = new TcpStream();
    private final List<ByteBuffer> found = new ArrayList<>();
    private final byte[] bytes = twoMessages();

    private static byte[] twoMessages() {
        ByteBuffer buffer = ByteBuffer.allocate(200);
        for (String software : new String[] {"one", "another"}) {
            new StunWriter()
                    .begin(buffer, MessageClass.REQUEST, StunMethod.BINDING, TransactionId.random(new Random(1)))
                    .add(new Software(software));
        }
        byte[] written = new byte[buffer.flip().remaining()];
        buffer.get(written);
        return written;
    }

    private void segment(int from, int to) {
        stream.onSegment(
                START + from, false, ByteBuffer.wrap(bytes, from, to - from).slice(), found::add);
    }

    @Test
    void segmentsInOrderGiveTheMessages() {
        segment(0, 7);
        segment(7, 40);
        segment(40, bytes.length);

        assertThat(found).hasSize(2);
    }

    @Test
    void segmentsOutOfOrderAndTwiceGiveTheMessagesOnce() {
        stream.onSegment(START - 1, true, ByteBuffer.allocate(0), found::add);

        segment(40, bytes.length);
        segment(5, 45);
        segment(0, 10);
        segment(0, 10);
        segment(5, 45);

        assertThat(found).hasSize(2);
    }

    @Test
    void otherProtocolsGiveNothing() {
        byte[] http = "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

        stream.onSegment(1, false, ByteBuffer.wrap(http), found::add);

        assertThat(found).isEmpty();
    }
}
