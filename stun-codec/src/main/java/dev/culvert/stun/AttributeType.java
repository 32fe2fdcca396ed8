package dev.culvert.stun;

import java.util.Optional;
import java.util.function.Function;

/**
 * A typed key: the number and name of an attribute and how its value is read.
 *
 * @param number the attribute type, 0x0000–0xFFFF
 * @param name the name in the IANA registry
 * @param decoder reads a value; empty where the bytes do not have the form of this type
 * @param <T> what the value is read as
 */
public record AttributeType<T>(int number, String name, Function<AttributeValue, Optional<T>> decoder) {
    public AttributeType {
        if ((number & ~0xFFFF) != 0) {
            throw new IllegalArgumentException("an attribute type has 16 bits, not 0x" + Integer.toHexString(number));
        }
    }

    /** Whether a receiver that does not know this type must refuse the message (RFC 8489 §14). */
    public boolean isComprehensionRequired() {
        return isComprehensionRequired(number);
    }

    /** Whether a receiver that does not know the type {@code number} must refuse the message (RFC 8489 §14). */
    public static boolean isComprehensionRequired(int number) {
        return number < 0x8000;
    }

    @Override
    public String toString() {
        return name;
    }
}
