package dev.culvert.stun;

/** What is wrong with bytes from the network; {@link #NONE} where nothing is. */
public enum Malformation {
    NONE("well-formed"),
    /** Fewer bytes than a STUN header has. */
    TOO_SHORT("shorter than the 20-byte STUN header"),
    /** One of the two most significant bits is set (RFC 8489 §5). */
    NOT_STUN("the first two bits are not zero"),
    /** A length field that is not a multiple of four (RFC 8489 §5). */
    UNALIGNED_LENGTH("the length field is not a multiple of four"),
    /** A length field that is not the length of what follows the header. */
    LENGTH_MISMATCH("the length field is not the number of bytes after the header"),
    /** An attribute that reaches past the end of its message. */
    ATTRIBUTE_OVERRUN("an attribute reaches past the end of the message"),
    /** An attribute whose value does not have the form that its type demands. */
    UNDECODABLE_VALUE("an attribute's value does not have the form of its type"),
    /** ChannelData whose header is incomplete or does not begin with the bits 01 (RFC 8656 §12.4). */
    NOT_CHANNEL_DATA("not a ChannelData message"),
    /** ChannelData whose length field claims more bytes than there are (RFC 8656 §12.6). */
    CHANNEL_DATA_TOO_SHORT("the ChannelData length field claims more bytes than there are"),
    /** A stream in which neither a STUN nor a ChannelData message begins where one must. */
    UNKNOWN_FRAME("neither STUN nor ChannelData begins here"),
    /** A stream in which a message is longer than the receiver takes. */
    FRAME_TOO_LONG("a message longer than this receiver takes");

    private final String meaning;

    Malformation(String meaning) {
        this.meaning = meaning;
    }

    /** What is wrong, in words fit for a log line. */
    public String meaning() {
        return meaning;
    }
}
