package dev.culvert.relay.doctor;

import java.util.Locale;

/**
 * What came of looking at one thing.
 *
 * @param about what was looked at
 * @param seen what was seen, on one line
 * @param mend what to do about it; empty where nothing is to be done
 */
record Finding(Level level, String about, String seen, String mend) {
    /** How bad it is. */
    enum Level {
        /** As it should be. */
        OK,
        /** It may be meant so. */
        WARN,
        /** The server will not do what it is for. */
        ERROR;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Finding {
        seen = oneLine(seen);
        mend = oneLine(mend);
    }

    static Finding ok(String about, String seen) {
        return new Finding(Level.OK, about, seen, "");
    }

    static Finding warn(String about, String seen, String mend) {
        return new Finding(Level.WARN, about, seen, mend);
    }

    static Finding error(String about, String seen, String mend) {
        return new Finding(Level.ERROR, about, seen, mend);
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }

    /** One line for a person. */
    @Override
    public String toString() {
        return String.format("%-5s %s: %s%s", level.word(), about, seen, mend.isEmpty() ? "" : "; " + mend);
    }
}
