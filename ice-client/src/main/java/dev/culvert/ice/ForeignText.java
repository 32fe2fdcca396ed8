package dev.culvert.ice;

import java.util.regex.Pattern;

/**
 * What strangers wrote, made fit for a line on a terminal or in a log.
 *
 * <p>It must not begin a line of its own, move the cursor (U+009B does so as ESC does) or turn the direction of what
 * follows: control and format characters and separators of lines are taken out.
 */
public final class ForeignText {
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");
    private static final Pattern UNPRINTABLE_RUN = Pattern.compile(UNPRINTABLE + "+");

    private ForeignText() {}

    /** {@code text} on one line, with a space for each run of such characters and none at its ends. */
    public static String line(String text) {
        return UNPRINTABLE_RUN.matcher(text).replaceAll(" ").strip();
    }

    /** As {@link #line(String)}, cut to this many characters. */
    public static String line(String text, int maxLength) {
        String line = line(text);
        return line.length() <= maxLength ? line : line.substring(0, maxLength);
    }

    /** {@code text} with a question mark for each such character, so that all others keep their columns. */
    public static String masked(String text) {
        return UNPRINTABLE.matcher(text).replaceAll("?");
    }

    /** Whether this character may be shown as it is. */
    public static boolean isPrintable(int codePoint) {
        return !UNPRINTABLE.matcher(Character.toString(codePoint)).matches();
    }
}
