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

    private StunBytes() {}

    static byte[] bindingRequest(Attribute... attributes) {
        ByteBuffer buffer = ByteBuffer.allocate(65_536);
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
}
