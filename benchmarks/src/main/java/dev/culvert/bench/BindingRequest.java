package dev.culvert.bench;

import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import java.nio.ByteBuffer;

/** Binding requests that carry flow and sequence number in the transaction id, and so do the answers. */
final class BindingRequest implements Packet {
    private final StunWriter writer = new StunWriter();
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(StunMessage.HEADER_LENGTH);

    @Override
    public int lengthBytes() {
        return bytes.capacity();
    }

    @Override
    public ByteBuffer write(int flow, long sequence) {
        // 0 is what the transactions of set-up have there.
        long high = (long) TransactionId.MAGIC_COOKIE << 32 | flow + 1;
        writer.begin(bytes.clear(), MessageClass.REQUEST, StunMethod.BINDING, new TransactionId(high, sequence));
        return bytes.flip();
    }

    /** The flow whose request is answered with {@code id}; -1 where it is none. */
    static int flowOf(TransactionId id) {
        return (int) id.high() - 1;
    }
}
