package dev.culvert.server.core;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts the bytes of a TCP connection into SIP requests by their Content-Length (RFC 3261 §18.3). Mutable, owned by one
 * thread, one for each connection.
 *
 * <p>Keeps no more than has arrived, and no more than {@link SipReflector#MAX_REQUEST_BYTES}.
 */
public final class SipFrames {
    private static final int INITIAL_CAPACITY = 512;
    private static final int MAX_LENGTH_DIGITS = 5;
    private static final byte[] NOTHING = {};

    private byte[] pending = NOTHING;
    private int length;

    /** How far the end of the head has been looked for, so that no byte is looked at twice. */
    private int searched;

    /** The length of the whole message; 0 while it is not known. */
    private int messageLength;

    private boolean broken;

    /** Takes the messages in the order of the stream. */
    @FunctionalInterface
    public interface Receiver {
        /**
         * One whole message.
         *
         * @param message big-endian, from its position to its limit; lent for this call
         * @return false where what follows is not wanted either
         */
        boolean onMessage(ByteBuffer message);
    }

    /** Whether a connection that begins with {@code first} carries SIP: no STUN message begins so. */
    public static boolean beginsWith(byte first) {
        return first == 'O' || first == 'I';
    }

    /**
     * Takes the bytes between position and limit of {@code chunk}, and moves its position to the limit.
     *
     * @return false where the stream cannot be cut any further, or its receiver wants no more: it must be closed
     */
    public boolean feed(ByteBuffer chunk, Receiver receiver) {
        while (!broken && chunk.hasRemaining()) {
            byte next = chunk.get();
            // RFC 3261 §7.5: line ends before a start line are ignored.
            if (length > 0 || (next != '\r' && next != '\n')) {
                append(next);
                deliver(receiver);
            }
        }
        chunk.position(chunk.limit());
        return !broken;
    }

    private void append(byte next) {
        if (length == 0 && !beginsWith(next)) {
            broken = true;
            return;
        }
        if (length == pending.length) {
            pending = Arrays.copyOf(pending, Math.max(INITIAL_CAPACITY, 2 * length));
        }
        pending[length++] = next;
    }

    private void deliver(Receiver receiver) {
        if (!broken && messageLength == 0) {
            searchHeadEnd();
        }
        if (broken || length > SipReflector.MAX_REQUEST_BYTES) {
            broken = true;
            return;
        }
        if (messageLength == 0 || length < messageLength) {
            return;
        }
        broken = !receiver.onMessage(ByteBuffer.wrap(pending, 0, length));
        length = 0;
        searched = 0;
        messageLength = 0;
    }

    private void searchHeadEnd() {
        for (; searched + 4 <= length; searched++) {
            if (pending[searched] == '\r'
                    && pending[searched + 1] == '\n'
                    && pending[searched + 2] == '\r'
                    && pending[searched + 3] == '\n') {
                int head = searched + 4;
                int body = contentLength(new String(pending, 0, searched, StandardCharsets.ISO_8859_1));
                messageLength = head + body;
                broken = body < 0 || messageLength > SipReflector.MAX_REQUEST_BYTES;
                return;
            }
        }
    }

    /** The value of Content-Length; 0 where there is none, -1 where it is no number. */
    private static int contentLength(String head) {
        for (String line : head.split("\r\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0 && SipRequest.headerName(line.substring(0, colon)).equals("content-length")) {
                String value = line.substring(colon + 1).strip();
                boolean sound = value.length() <= MAX_LENGTH_DIGITS && value.matches("[0-9]+");
                return sound ? Integer.parseInt(value) : -1;
            }
        }
        return 0;
    }
}
