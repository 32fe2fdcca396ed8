package dev.culvert.server.io;

import dev.culvert.server.io.SendBatch.Train;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Hands the trains of one socket to the kernel, many a system call. Used by one event loop's thread alone. */
final class Transmission {
    private static final int SOL_UDP = 17;
    private static final int UDP_SEGMENT = 103;
    private static final int NAME_BYTES = 32;
    private static final int CONTROL_BYTES = 24 + HeaderFields.MAX_CONTROL_BYTES;
    private static final int SEGMENT_CONTROL_BYTES = MessageHeader.CONTROL_HEADER_LENGTH + Long.BYTES;

    private static final int MAX_TRIES = 3;

    private final Libc libc;
    private final SendBatch batch;

    @SuppressWarnings("unused") // keeps the memory
    private final ByteBuffer structures;

    private final long headers;
    private final long names;
    private final long controls;
    private final long vectors;

    private int messages;
    private int vectorsUsed;

    Transmission(Libc libc, SendBatch batch) {
        this.libc = libc;
        this.batch = batch;
        int trains = SendBatch.MAX_TRAINS;
        structures = Memory.allocate(trains * (MessageHeader.LENGTH + NAME_BYTES + CONTROL_BYTES)
                + SendBatch.MAX_VECTORS * MessageHeader.VECTOR_LENGTH);
        headers = Memory.addressOf(structures);
        names = headers + (long) trains * MessageHeader.LENGTH;
        controls = names + (long) trains * NAME_BYTES;
        vectors = controls + (long) trains * CONTROL_BYTES;
    }

    private long header(int message) {
        return headers + (long) message * MessageHeader.LENGTH;
    }

    /** Sends the trains of {@code port} that begin with {@code first}; what cannot be sent is told to the port. */
    void send(LinuxUdpPort port, @Nullable Train first) {
        messages = 0;
        vectorsUsed = 0;
        for (Train train = first; train != null; train = train.nextOfPort()) {
            long vector = vectors + (long) vectorsUsed * MessageHeader.VECTOR_LENGTH;
            int count = batch.writeVectors(train, vector);
            vectorsUsed += count;
            describe(messages++, train, vector, count);
        }
        Train unsent = first;
        int sent = 0;
        while (unsent != null) {
            int result = send(port, header(sent), messages - sent);
            int done = result > 0 ? result : onFailure(port, unsent, header(sent), -result);
            sent += done;
            for (int i = 0; i < done && unsent != null; i++) {
                unsent = unsent.nextOfPort();
            }
        }
    }

    /** Where an earlier datagram's error is told in place of sending, it is worth another try. */
    private int send(LinuxUdpPort port, long header, int count) {
        int result = sendOnce(port, header, count);
        for (int tries = 1; tries < MAX_TRIES && result < 0 && port.isOfEarlier(-result); tries++) {
            result = sendOnce(port, header, count);
        }
        return result;
    }

    private int sendOnce(LinuxUdpPort port, long header, int count) {
        return count == 1 && isPlain(header)
                ? sendPlain(port, header)
                : libc.sendmmsg(port.descriptor(), header, count);
    }

    private void describe(int message, Train train, long vector, int count) {
        long header = header(message);
        long name = names + (long) message * NAME_BYTES;
        MessageHeader.setName(header, name, SocketAddress.write(name, train.remote()));
        MessageHeader.setVectors(header, vector, count);
        long control = controls + (long) message * CONTROL_BYTES;
        int length = train.headerFields() == HeaderFields.DEFAULT
                ? 0
                : HeaderFields.write(
                        control, train.headerFields(), train.remote().ip().isIpv4());
        if (train.count() > 1) {
            MessageHeader.setControlHeader(control + length, Short.BYTES, SOL_UDP, UDP_SEGMENT);
            Memory.putShort(control + length + MessageHeader.CONTROL_HEADER_LENGTH, train.segmentBytes());
            length += SEGMENT_CONTROL_BYTES;
        }
        MessageHeader.setControl(header, length == 0 ? 0 : control, length);
    }

    /** Whether the message lies in one piece and needs no ancillary data, so that the kernel has less to copy and check. */
    private static boolean isPlain(long header) {
        return MessageHeader.controlLength(header) == 0 && MessageHeader.vectorsLength(header) == 1;
    }

    private int sendPlain(LinuxUdpPort port, long header) {
        long vector = MessageHeader.vectors(header);
        return libc.sendto(
                port.descriptor(),
                MessageHeader.vectorAddress(vector),
                MessageHeader.vectorBytes(vector),
                MessageHeader.name(header),
                MessageHeader.nameLength(header));
    }

    /** How many messages are done with: none where {@code train} is worth another try. */
    private int onFailure(LinuxUdpPort port, Train train, long header, int error) {
        if (error == Libc.EINTR) {
            return 0;
        }
        if (train.count() == 1 || !Segmentation.isFault(error)) {
            port.onSendFailure(error);
            return 1;
        }
        // A device that can cut no train will not learn it; a path with a small MTU may be that of one destination.
        if (error == Segmentation.EIO) {
            port.forbidSegments();
        }
        sendSingly(port, train, header);
        return 1;
    }

    private void sendSingly(LinuxUdpPort port, Train train, long header) {
        long vector = MessageHeader.vectors(header);
        long control = MessageHeader.control(header);
        MessageHeader.setControl(header, control, MessageHeader.controlLength(header) - SEGMENT_CONTROL_BYTES);
        int datagram = train.first();
        for (int i = 0; i < train.count(); i++) {
            int count = batch.vectorsOf(datagram);
            MessageHeader.setVectors(header, vector, count);
            int result = send(port, header, 1);
            if (result < 0) {
                port.onSendFailure(-result);
            }
            vector += (long) count * MessageHeader.VECTOR_LENGTH;
            datagram = batch.next(datagram);
        }
    }
}
