package dev.culvert.relay.core;

import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** Numbers allocations, one after the other. Used by any thread. */
public final class AllocationIds {
    private static final int HEX_DIGITS = 16;

    private final AtomicLong next;

    /**
     * Numbers from {@code first} on, around the largest number to the smallest one.
     *
     * @param first at random, so that no two runs of a server give the same ids
     */
    AllocationIds(long first) {
        next = new AtomicLong(first);
    }

    long next() {
        return next.getAndIncrement();
    }

    /** The one form in which people and programs are shown an id: 16 hexadecimal digits, which JSON has as text. */
    public static String text(long id) {
        return HexFormat.of().toHexDigits(id);
    }

    /** The id that {@link #text} shows as {@code text}; empty where it is none. */
    public static OptionalLong parse(String text) {
        boolean isId = text.length() == HEX_DIGITS && text.chars().allMatch(HexFormat::isHexDigit);
        return isId ? OptionalLong.of(Long.parseUnsignedLong(text, HEX_DIGITS)) : OptionalLong.empty();
    }
}
