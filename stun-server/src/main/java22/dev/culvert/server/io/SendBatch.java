package dev.culvert.server.io;

import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What one event loop is about to send: datagrams in trains, each to one destination and of one size, so that the kernel
 * handles a train once (udp(7), UDP_SEGMENT). A datagram joins the latest train to its destination however many others came
 * between, so that trains grow and no flow is reordered. Used by that loop's thread alone.
 */
final class SendBatch {
    static final int MAX_TRAINS = 128;

    private static final int MAX_DATAGRAMS = 1024;

    /** A head, a body and padding for each datagram. */
    static final int MAX_VECTORS = 3 * MAX_DATAGRAMS;

    private static final int SCRATCH_BYTES = 256 << 10;
    private static final int TABLE_SIZE = 512;

    /** What lies where the system receives into, which stays until this batch has left. */
    private final ByteBuffer received;

    private final long receivedAddress;

    /** Copies of all else. */
    private final ByteBuffer scratch = Memory.allocate(SCRATCH_BYTES);

    /** For padding. */
    private final ByteBuffer zeros = Memory.allocate(Long.BYTES);

    private final long zerosAddress = Memory.addressOf(zeros);
    private final long scratchAddress = Memory.addressOf(scratch);

    private final long[] headAddress = new long[MAX_DATAGRAMS];
    private final long[] bodyAddress = new long[MAX_DATAGRAMS];
    private final int[] headBytes = new int[MAX_DATAGRAMS];
    private final int[] bodyBytes = new int[MAX_DATAGRAMS];
    private final int[] paddingBytes = new int[MAX_DATAGRAMS];

    /** The datagram that follows in the same train. */
    private final int[] next = new int[MAX_DATAGRAMS];

    private final Train[] trains = new Train[MAX_TRAINS];

    /** The latest train to each destination, by a hash of socket and destination; what is older than this batch is void. */
    private final @Nullable Train[] table = new Train[TABLE_SIZE];

    private int datagrams;
    private int trainCount;
    private int batch;

    /** Datagrams of one socket to one destination. Only the last may be shorter than the others. */
    static final class Train {
        private @Nullable LinuxUdpPort port;
        private @Nullable TransportAddress remote;
        private int inBatch;
        private int first;
        private int last;
        private int count;
        private int headerFields;
        private int segmentBytes;
        private int bytes;
        private boolean complete;
        private @Nullable Train nextOfPort;

        @Nullable
        Train nextOfPort() {
            return nextOfPort;
        }

        void setNextOfPort(@Nullable Train follower) {
            nextOfPort = follower;
        }

        TransportAddress remote() {
            if (remote == null) {
                throw new IllegalStateException("an empty train");
            }
            return remote;
        }

        int first() {
            return first;
        }

        int count() {
            return count;
        }

        int headerFields() {
            return headerFields;
        }

        int segmentBytes() {
            return segmentBytes;
        }
    }

    SendBatch(ByteBuffer received) {
        this.received = received;
        this.receivedAddress = Memory.addressOf(received);
        Arrays.setAll(trains, i -> new Train());
    }

    boolean isEmpty() {
        return trainCount == 0;
    }

    /** Whether one more datagram with {@code copiedBytes} outside of the receive memory finds room. */
    boolean hasRoom(int copiedBytes) {
        return datagrams < MAX_DATAGRAMS && trainCount < MAX_TRAINS && scratch.remaining() >= copiedBytes;
    }

    @SuppressWarnings("ReferenceEquality") // the very memory, not its contents
    boolean isReceived(ByteBuffer bytes) {
        return bytes == received;
    }

    /** Adds a datagram, for which there is room. */
    void add(
            LinuxUdpPort port,
            ByteBuffer head,
            ByteBuffer body,
            int padding,
            int headerFields,
            TransportAddress remote) {
        int datagram = datagrams++;
        headBytes[datagram] = head.remaining();
        headAddress[datagram] = head.hasRemaining() ? placed(head) : 0;
        bodyBytes[datagram] = body.remaining();
        bodyAddress[datagram] = body.hasRemaining() ? placed(body) : 0;
        paddingBytes[datagram] = padding;
        int bytes = headBytes[datagram] + bodyBytes[datagram] + padding;
        Train latest = latest(port, remote);
        if (latest != null && joins(latest, bytes, headerFields)) {
            next[latest.last] = datagram;
            append(latest, datagram, bytes);
            return;
        }
        begin(port, remote, headerFields, datagram, bytes);
    }

    /** Where {@code bytes} stay until the batch has left. */
    private long placed(ByteBuffer bytes) {
        if (isReceived(bytes)) {
            return receivedAddress + bytes.position();
        }
        int at = scratch.position();
        int position = bytes.position();
        scratch.put(bytes);
        bytes.position(position);
        return scratchAddress + at;
    }

    private @Nullable Train latest(LinuxUdpPort port, TransportAddress remote) {
        Train train = table[slot(port, remote)];
        return train != null && isTo(train, port, remote) ? train : null;
    }

    @SuppressWarnings("ReferenceEquality") // the same object most often
    private boolean isTo(Train train, LinuxUdpPort port, TransportAddress remote) {
        TransportAddress known = train.remote;
        return train.inBatch == batch
                && train.port == port
                && known != null
                && (known == remote || known.equals(remote));
    }

    /** Where two destinations meet, the later one takes the slot, and the earlier one's next datagram begins a train. */
    private static int slot(LinuxUdpPort port, TransportAddress remote) {
        long key = remote.ip().low() * 31
                + remote.port()
                + ((long) port.descriptor() << 40)
                + remote.ip().high();
        return (int) (key * 0x9E3779B97F4A7C15L >>> 55);
    }

    private static boolean joins(Train train, int bytes, int headerFields) {
        // A train carries no datagram without data.
        return !train.complete
                && headerFields == train.headerFields
                && bytes > 0
                && bytes <= train.segmentBytes
                && train.count < Segmentation.MAX_SEGMENTS
                && train.bytes + bytes <= Segmentation.MAX_TRAIN_BYTES;
    }

    private void append(Train train, int datagram, int bytes) {
        train.last = datagram;
        train.count++;
        train.bytes += bytes;
        train.complete = bytes < train.segmentBytes;
    }

    private void begin(LinuxUdpPort port, TransportAddress remote, int headerFields, int datagram, int bytes) {
        Train train = trains[trainCount++];
        train.port = port;
        train.remote = remote;
        train.headerFields = headerFields;
        train.inBatch = batch;
        train.first = datagram;
        train.count = 0;
        train.bytes = 0;
        train.segmentBytes = bytes;
        train.nextOfPort = null;
        append(train, datagram, bytes);
        // A long segment may not fit the path's MTU.
        train.complete = bytes == 0 || bytes > Segmentation.MAX_SEGMENT_BYTES || !port.canSegment();
        table[slot(port, remote)] = train;
        port.append(train);
    }

    /** Writes the vectors of all datagrams of {@code train} to {@code vectors}; returns how many. */
    int writeVectors(Train train, long vectors) {
        int count = 0;
        int datagram = train.first;
        for (int i = 0; i < train.count; i++) {
            count += writeVectors(datagram, vectors + (long) count * MessageHeader.VECTOR_LENGTH);
            datagram = next[datagram];
        }
        return count;
    }

    /** The datagram behind {@code datagram} in its train. */
    int next(int datagram) {
        return next[datagram];
    }

    /** How many vectors one datagram has. */
    int vectorsOf(int datagram) {
        return Integer.signum(headBytes[datagram])
                + Integer.signum(bodyBytes[datagram])
                + Integer.signum(paddingBytes[datagram]);
    }

    private int writeVectors(int datagram, long vectors) {
        int count = 0;
        if (headBytes[datagram] > 0) {
            MessageHeader.setVector(vectors, headAddress[datagram], headBytes[datagram]);
            count++;
        }
        if (bodyBytes[datagram] > 0) {
            MessageHeader.setVector(
                    vectors + (long) count * MessageHeader.VECTOR_LENGTH, bodyAddress[datagram], bodyBytes[datagram]);
            count++;
        }
        if (paddingBytes[datagram] > 0) {
            MessageHeader.setVector(
                    vectors + (long) count * MessageHeader.VECTOR_LENGTH, zerosAddress, paddingBytes[datagram]);
            count++;
        }
        return count;
    }

    /** Forgets all, which has left. */
    void clear() {
        for (int i = 0; i < trainCount; i++) {
            trains[i].port = null;
            trains[i].remote = null;
            trains[i].nextOfPort = null;
        }
        datagrams = 0;
        trainCount = 0;
        batch++;
        scratch.clear();
    }
}
