package dev.culvert.stun.integrity;

import dev.culvert.stun.AttributeType;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.attribute.MessageIntegrity;
import dev.culvert.stun.attribute.MessageIntegritySha256;
import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;

/**
 * Makes and checks MESSAGE-INTEGRITY and MESSAGE-INTEGRITY-SHA256. Mutable, owned by one thread, reused for one message
 * after another, each with its own key; a check allocates nothing.
 *
 * <p>HMAC (RFC 2104) is done here over the JDK's hash functions, since {@code javax.crypto.Mac} allocates whenever its
 * key changes, which on a server is at every message.
 */
public final class IntegrityMac {
    private static final int ATTRIBUTE_HEADER_LENGTH = 4;
    private static final int SHA1_LENGTH = 20;
    private static final int SHA256_LENGTH = 32;
    private static final int SHA256_MIN_LENGTH = 16;

    private final MessageDigest sha1 = Digests.sha1();
    private final MessageDigest sha256 = Digests.sha256();
    private final byte[] header = new byte[StunMessage.HEADER_LENGTH];
    private final byte[] chunk = new byte[512];
    private final byte[] mac = new byte[SHA256_LENGTH];
    private final ByteBuffer macBuffer = ByteBuffer.wrap(mac);

    /** A calculator with nothing to calculate yet. */
    public IntegrityMac() {}

    /** Appends MESSAGE-INTEGRITY over what {@code writer} has written so far. */
    public void sign(StunWriter writer, IntegrityKey key) {
        append(writer, MessageIntegrity.TYPE, sha1, key.sha1Pads(), SHA1_LENGTH);
    }

    /** Appends MESSAGE-INTEGRITY-SHA256 in full length over what {@code writer} has written so far. */
    public void signSha256(StunWriter writer, IntegrityKey key) {
        signSha256(writer, key, SHA256_LENGTH);
    }

    /**
     * Appends MESSAGE-INTEGRITY-SHA256 over what {@code writer} has written so far.
     *
     * @param lengthBytes 16 to 32, a multiple of four; fewer than 32 only where the usage allows it
     */
    public void signSha256(StunWriter writer, IntegrityKey key, int lengthBytes) {
        if (!isSha256Length(lengthBytes)) {
            throw new IllegalArgumentException(
                    "MESSAGE-INTEGRITY-SHA256 has 16 to 32 bytes, a multiple of four, not " + lengthBytes);
        }
        append(writer, MessageIntegritySha256.TYPE, sha256, key.sha256Pads(), lengthBytes);
    }

    private void append(
            StunWriter writer, AttributeType<?> type, MessageDigest hash, IntegrityKey.Pads pads, int lengthBytes) {
        int end = writer.buffer().position();
        calculate(hash, pads, writer.buffer(), writer.offset(), end, lengthBytes);
        writer.add(type, macBuffer.position(0).limit(lengthBytes));
    }

    /** Checks MESSAGE-INTEGRITY. */
    public IntegrityCheck verify(StunMessage message, IntegrityKey key) {
        int at = message.find(MessageIntegrity.TYPE.number());
        if (at == StunMessage.ABSENT) {
            return IntegrityCheck.ABSENT;
        }
        if (message.lengthAt(at) != SHA1_LENGTH) {
            return IntegrityCheck.INVALID;
        }
        calculate(sha1, key.sha1Pads(), message.buffer(), message.offset(), at, SHA1_LENGTH);
        return compare(message, at, SHA1_LENGTH);
    }

    /** Checks MESSAGE-INTEGRITY-SHA256, which must have its full length. */
    public IntegrityCheck verifySha256(StunMessage message, IntegrityKey key) {
        return verifySha256(message, key, SHA256_LENGTH);
    }

    /**
     * Checks MESSAGE-INTEGRITY-SHA256.
     *
     * @param minLengthBytes the shortest that the usage accepts, at least 16
     */
    public IntegrityCheck verifySha256(StunMessage message, IntegrityKey key, int minLengthBytes) {
        int at = message.find(MessageIntegritySha256.TYPE.number());
        if (at == StunMessage.ABSENT) {
            return IntegrityCheck.ABSENT;
        }
        int length = message.lengthAt(at);
        // RFC 8489 §14.6: the full 32 bytes unless the usage explicitly allows truncation.
        if (!isSha256Length(length) || length < minLengthBytes) {
            return IntegrityCheck.INVALID;
        }
        calculate(sha256, key.sha256Pads(), message.buffer(), message.offset(), at, length);
        return compare(message, at, length);
    }

    private static boolean isSha256Length(int lengthBytes) {
        return lengthBytes >= SHA256_MIN_LENGTH && lengthBytes <= SHA256_LENGTH && lengthBytes % 4 == 0;
    }

    /** Leaves in {@link #mac} the MAC of the message from {@code start} to the integrity attribute at {@code end}. */
    private void calculate(
            MessageDigest hash, IntegrityKey.Pads pads, ByteBuffer bytes, int start, int end, int macLength) {
        // RFC 8489 §14.5: the length in the header is taken to point to the end of the integrity attribute.
        int length = end - start - StunMessage.HEADER_LENGTH + ATTRIBUTE_HEADER_LENGTH + macLength;
        bytes.get(start, header);
        header[2] = (byte) (length >>> 8);
        header[3] = (byte) length;
        hash.update(pads.inner());
        hash.update(header);
        for (int at = start + StunMessage.HEADER_LENGTH; at < end; at += chunk.length) {
            int count = Math.min(chunk.length, end - at);
            bytes.get(at, chunk, 0, count);
            hash.update(chunk, 0, count);
        }
        int innerLength = digest(hash);
        hash.update(pads.outer());
        hash.update(mac, 0, innerLength);
        digest(hash);
    }

    private int digest(MessageDigest hash) {
        try {
            return hash.digest(mac, 0, mac.length);
        } catch (DigestException e) {
            throw new IllegalStateException("32 bytes hold SHA-1 and SHA-256", e);
        }
    }

    /** Compares every byte whatever the first ones say, so that the time tells nothing. */
    private IntegrityCheck compare(StunMessage message, int at, int lengthBytes) {
        int difference = 0;
        for (int i = 0; i < lengthBytes; i++) {
            difference |= mac[i] ^ message.buffer().get(at + ATTRIBUTE_HEADER_LENGTH + i);
        }
        return difference == 0 ? IntegrityCheck.VALID : IntegrityCheck.INVALID;
    }
}
