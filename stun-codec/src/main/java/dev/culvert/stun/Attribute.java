package dev.culvert.stun;

/** One attribute as a value; every attribute is a record that implements this. */
public interface Attribute {
    /** The key under which this attribute is found in a message. */
    AttributeType<?> type();

    /** Appends the value, without header and padding. */
    void encode(ValueWriter out);
}
