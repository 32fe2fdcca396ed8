package dev.culvert.relay.session;

import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.zip.CRC32;

/**
 * Numbered payloads with checksums on several flows. An arrival that is damaged, or that somebody gets whom it was not
 * sent to, is an error on the spot.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |             Flow              |          Length               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                            Number                             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                     CRC-32 over the rest                      |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                      Filling of any length                    |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
final class Traffic {
    private static final int HEADER_LENGTH = 12;
    private static final int CHECKSUM_AT = 8;
    private static final int MAX_FILLING_LENGTH = 1200;

    private final List<Flow> flows = new ArrayList<>();

    /** Payloads from one end to another. */
    static final class Flow {
        private final String name;
        private final int id;
        private final Object receiver;
        private final Predicate<ByteBuffer> sender;
        private final Random filling;
        private final List<Integer> arrived = new ArrayList<>();
        private final Set<TransportAddress> sources = new LinkedHashSet<>();
        private int sent;

        private Flow(String name, int id, Object receiver, Predicate<ByteBuffer> sender) {
            this.name = name;
            this.id = id;
            this.receiver = receiver;
            this.sender = sender;
            this.filling = new Random(id);
        }

        /** Sends the next payload; false where the sender does not take it, which counts as lost. */
        boolean send() {
            return sender.test(payload(sent++));
        }

        private ByteBuffer payload(int number) {
            byte[] bytes = new byte[HEADER_LENGTH + filling.nextInt(MAX_FILLING_LENGTH)];
            filling.nextBytes(bytes);
            ByteBuffer payload = ByteBuffer.wrap(bytes);
            payload.putShort(0, (short) id).putShort(2, (short) bytes.length).putInt(4, number);
            return payload.putInt(CHECKSUM_AT, checksum(bytes));
        }

        /** How many were sent so far. */
        int sent() {
            return sent;
        }

        /** The numbers of what arrived, in the order of arrival. */
        List<Integer> arrived() {
            return arrived;
        }

        /** Where the receiver saw them come from. */
        Set<TransportAddress> sources() {
            return sources;
        }

        /** Where the receiver saw them come from, if that was always the same. */
        TransportAddress source() {
            if (sources.size() != 1) {
                throw new AssertionError(name + " came from " + sources);
            }
            return sources.iterator().next();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * A new flow.
     *
     * @param receiver who alone may get its payloads
     * @param sender sends a payload; false where it could not
     */
    Flow flow(String name, Object receiver, Predicate<ByteBuffer> sender) {
        Flow flow = new Flow(name, flows.size(), receiver, sender);
        flows.add(flow);
        return flow;
    }

    List<Flow> flows() {
        return flows;
    }

    /** {@code receiver} got something. */
    void onArrival(Object receiver, TransportAddress from, ByteBuffer buffer, int offset, int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        buffer.get(offset, bytes);
        ByteBuffer payload = ByteBuffer.wrap(bytes);
        boolean isWhole = lengthBytes >= HEADER_LENGTH
                && payload.getShort(2) == lengthBytes
                && payload.getInt(CHECKSUM_AT) == checksum(bytes);
        if (!isWhole) {
            throw new AssertionError(receiver + " got " + lengthBytes + " damaged bytes from " + from);
        }
        Flow flow = flows.get(payload.getShort(0));
        int number = payload.getInt(4);
        if (flow.receiver != receiver || number >= flow.sent) {
            throw new AssertionError(receiver + " got number " + number + " of " + flow + " from " + from);
        }
        flow.arrived.add(number);
        flow.sources.add(from);
    }

    private static int checksum(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, CHECKSUM_AT);
        crc.update(bytes, HEADER_LENGTH, bytes.length - HEADER_LENGTH);
        return (int) crc.getValue();
    }
}
