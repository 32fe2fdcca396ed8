package dev.culvert.stun;

/** The class of a STUN message (RFC 8489 §5): what kind of answer, if any, it is or expects. */
public enum MessageClass {
    REQUEST(0x0000),
    INDICATION(0x0010),
    SUCCESS_RESPONSE(0x0100),
    ERROR_RESPONSE(0x0110);

    /** The two class bits, C1 and C0, within the 14-bit message type. */
    static final int MASK = 0x0110;

    private static final MessageClass[] BY_BITS = {REQUEST, INDICATION, SUCCESS_RESPONSE, ERROR_RESPONSE};

    private final int bits;

    MessageClass(int bits) {
        this.bits = bits;
    }

    /** The message type field that joins this class with {@code method} (0x000–0xFFF). */
    public int typeWith(int method) {
        if ((method & ~0xFFF) != 0) {
            throw new IllegalArgumentException("a STUN method has 12 bits, not 0x" + Integer.toHexString(method));
        }
        return (method & 0x00F) | (method & 0x070) << 1 | (method & 0xF80) << 2 | bits;
    }

    static MessageClass ofType(int messageType) {
        return BY_BITS[(messageType & 0x0010) >> 4 | (messageType & 0x0100) >> 7];
    }

    static int methodOfType(int messageType) {
        return (messageType & 0x000F) | (messageType & 0x00E0) >> 1 | (messageType & 0x3E00) >> 2;
    }
}
