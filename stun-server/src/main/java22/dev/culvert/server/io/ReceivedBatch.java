package dev.culvert.server.io;

import dev.culvert.server.core.SourceAddress;
import java.nio.ByteBuffer;

/**
 * What all sockets of one event loop receive into, one after another, until {@link #restart}: what is relayed leaves from
 * where it lies. Used by that loop's thread alone.
 *
 * <p>Each slot takes the largest train of datagrams there is (udp(7), UDP_GRO); the system gives memory only to the pages
 * that are touched.
 */
final class ReceivedBatch {
    static final int SLOTS = 64;

    /** 64 KiB, and so much more that slots do not compete for the same lines of the cache. */
    private static final int SLOT_BYTES = (1 << 16) + 1344;

    private static final int NAME_BYTES = 32;
    private static final int CONTROL_BYTES = 96;
    private static final int SOL_UDP = 17;
    private static final int UDP_GRO = 104;

    private final Libc libc;
    private final ByteBuffer slots = Memory.allocate(SLOTS * SLOT_BYTES);
    private final long names;
    private final long headers;

    /** Holds all that the system reads and writes beside the data. */
    @SuppressWarnings("unused") // keeps the memory
    private final ByteBuffer structures;

    private int used;
    private int first;
    private int segmentBytes;
    private int headerFields;

    ReceivedBatch(Libc libc) {
        this.libc = libc;
        structures = Memory.allocate(
                SLOTS * (MessageHeader.LENGTH + MessageHeader.VECTOR_LENGTH + NAME_BYTES + CONTROL_BYTES));
        headers = Memory.addressOf(structures);
        long vectors = headers + (long) SLOTS * MessageHeader.LENGTH;
        names = vectors + (long) SLOTS * MessageHeader.VECTOR_LENGTH;
        long controls = names + (long) SLOTS * NAME_BYTES;
        long data = Memory.addressOf(slots);
        for (int i = 0; i < SLOTS; i++) {
            long vector = vectors + (long) i * MessageHeader.VECTOR_LENGTH;
            MessageHeader.setVector(vector, data + (long) i * SLOT_BYTES, 1 << 16);
            MessageHeader.setName(header(i), names + (long) i * NAME_BYTES, NAME_BYTES);
            MessageHeader.setVectors(header(i), vector, 1);
            MessageHeader.setControl(header(i), controls + (long) i * CONTROL_BYTES, CONTROL_BYTES);
        }
    }

    private long header(int slot) {
        return headers + (long) slot * MessageHeader.LENGTH;
    }

    /** All slots; the same object always. */
    ByteBuffer bytes() {
        return slots;
    }

    boolean isFull() {
        return used == SLOTS;
    }

    /** Frees all slots: nothing that lies in them is needed any more. */
    void restart() {
        used = 0;
    }

    /** {@code wanted}, or how many slots are free if they are fewer. */
    int most(int wanted) {
        return Math.min(wanted, SLOTS - used);
    }

    /** Receives from {@code socket} up to {@code wanted} messages into free slots; how many, or the negative error number. */
    int receive(int socket, int wanted) {
        for (int i = used; i < used + wanted; i++) {
            MessageHeader.reset(header(i), NAME_BYTES, CONTROL_BYTES);
        }
        int received = libc.recvmmsg(socket, header(used), wanted);
        first = used;
        used += Math.max(received, 0);
        return received;
    }

    /** Where the message begins that was the {@code index}th of the last {@link #receive}. */
    int offset(int index) {
        return (first + index) * SLOT_BYTES;
    }

    int lengthBytes(int index) {
        return MessageHeader.bytes(header(first + index));
    }

    void readSource(int index, SourceAddress source) {
        SocketAddress.read(names + (long) (first + index) * NAME_BYTES, source);
    }

    /** Reads what the kernel tells of a message beside its data, for the methods below. */
    void readControl(int index) {
        long header = header(first + index);
        segmentBytes = MessageHeader.bytes(header);
        headerFields = HeaderFields.DEFAULT;
        long control = MessageHeader.control(header);
        long end = control + MessageHeader.controlLength(header);
        while (control + MessageHeader.CONTROL_HEADER_LENGTH < end) {
            if (MessageHeader.isControl(control, SOL_UDP, UDP_GRO)) {
                segmentBytes = Math.max(1, Memory.getInt(control + MessageHeader.CONTROL_HEADER_LENGTH));
            } else {
                headerFields = HeaderFields.read(control, headerFields);
            }
            control += MessageHeader.controlHeaderLength(control) + 7 & -8;
        }
    }

    /** The length of each datagram of a train but the last; that of the whole where it is a single one. */
    int segmentBytes() {
        return segmentBytes;
    }

    /** The {@link HeaderFields} of all datagrams of the message. */
    int headerFields() {
        return headerFields;
    }
}
