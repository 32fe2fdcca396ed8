package dev.culvert.ice.sdp;

import java.util.function.Supplier;

/** Takes the fields of a line one by one. Mutable, for one line. */
final class Fields {
    private final String line;
    private int at;
    private int start;

    /** The fields of {@code line} from {@code at} on, each parted from the next by one space. */
    Fields(String line, int at) {
        this.line = line;
        this.at = at;
        this.start = at;
    }

    boolean hasMore() {
        return at <= line.length();
    }

    /** Whether only spaces follow, or nothing. */
    boolean isRestBlank() {
        return !hasMore() || line.substring(at).isBlank();
    }

    /** The next field; {@code what} it should be, for the error where there is none. */
    String next(String what) {
        if (!hasMore()) {
            throw new SdpSyntaxException(line, line.length(), what + " is missing");
        }
        start = at;
        int space = line.indexOf(' ', at);
        int end = space < 0 ? line.length() : space;
        at = end + 1;
        return line.substring(start, end);
    }

    /** The next field, which may not be empty. */
    String word(String what) {
        String word = next(what);
        if (word.isEmpty()) {
            throw fault(what + " is missing; fields are parted by one space");
        }
        return word;
    }

    /** The next field, looked at but not taken; empty where there is none. */
    String peek() {
        if (!hasMore()) {
            return "";
        }
        int space = line.indexOf(' ', at);
        return line.substring(at, space < 0 ? line.length() : space);
    }

    /** A number of at most {@code maxDigits} digits between {@code min} and {@code max}. */
    long number(String what, int maxDigits, long min, long max) {
        String digits = word(what);
        boolean isNumber = digits.length() <= maxDigits && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        long value = isNumber ? Long.parseLong(digits) : -1;
        if (value < min || value > max) {
            throw fault(what + " is a number from " + min + " to " + max);
        }
        return value;
    }

    /** Nothing may follow. */
    void end() {
        if (hasMore()) {
            start = at;
            throw fault("nothing is expected here");
        }
    }

    /** What {@code value} makes of the field that was taken last; its complaint becomes one with a place. */
    <T> T of(Supplier<T> value) {
        try {
            return value.get();
        } catch (SdpSyntaxException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw fault(String.valueOf(e.getMessage()));
        }
    }

    /** An error at the field that was taken last. */
    SdpSyntaxException fault(String fault) {
        return new SdpSyntaxException(line, start, fault);
    }
}
