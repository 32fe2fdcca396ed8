package dev.culvert.ice;

import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;

/**
 * A request, where it goes, and who alone may answer it.
 *
 * @param socket the socket that it leaves from
 * @param to where it is sent
 * @param answerFrom the only source whose answer counts: {@code to}, unless the request asks for another
 * @param id the transaction id in {@code bytes}
 * @param bytes the encoded request; read-only
 * @param schedule when it is sent again
 */
public record StunRequest(
        SocketId socket,
        TransportAddress to,
        TransportAddress answerFrom,
        TransactionId id,
        ByteBuffer bytes,
        RetransmissionSchedule schedule) {
    public StunRequest {
        if (bytes.remaining() < StunMessage.HEADER_LENGTH) {
            throw new IllegalArgumentException("a request has at least 20 bytes, not " + bytes.remaining());
        }
        bytes = bytes.asReadOnlyBuffer();
    }

    /** The method that the bytes name; that of the answer. */
    int method() {
        StunMessage message = new StunMessage();
        message.wrap(bytes.duplicate());
        return message.method();
    }

    /** A fresh view of the bytes to send. */
    @Override
    public ByteBuffer bytes() {
        return bytes.duplicate();
    }
}
