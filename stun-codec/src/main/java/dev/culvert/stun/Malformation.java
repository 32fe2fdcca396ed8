package dev.culvert.stun;

/** What is wrong with the structure of bytes from the network; {@link #NONE} where nothing is. */
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
    UNDECODABLE_VALUE("an attribute's value does not have the form of its type");

    private final String meaning;

    Malformation(String meaning) {
        this.meaning = meaning;
    }

    /** What is wrong, in words fit for a log line. */
    public String meaning() {
        return meaning;
    }
}
