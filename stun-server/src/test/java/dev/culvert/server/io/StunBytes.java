package dev.culvert.server.io;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** Messages as a client sends them. */
final class StunBytes {
    private static final Random RANDOM = new Random(5780);

    private static final int LONGEST = 65_507;

    private StunBytes() {}

    static byte[] bindingRequest(Attribute... attributes) {
        ByteBuffer buffer = ByteBuffer.allocate(LONGEST);
        StunWriter writer =
                new StunWriter().begin(buffer, MessageClass.REQUEST, StunMethod.BINDING, TransactionId.random(RANDOM));
        for (Attribute attribute : attributes) {
            writer.add(attribute);
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    static byte[] concat(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    static TransactionId transactionId(byte[] message) {
        ByteBuffer bytes = ByteBuffer.wrap(message);
        return new TransactionId(bytes.getLong(4), bytes.getLong(12));
    }

    static boolean isAnswer(byte[] message, byte[] request) {
        return message.length >= 20 && transactionId(message).equals(transactionId(request));
    }
}
