package dev.culvert.ice.check;

import dev.culvert.ice.ForeignText;

/**
 * What was found about one topic.
 *
 * @param topic what it is about
 * @param result how it stands
 * @param detail what was seen, in words
 */
public record Finding(Topic topic, Result result, String detail) {
    public Finding {
        // What a server says of itself is not for the terminal to act on.
        detail = ForeignText.line(detail);
    }

    /** How a topic stands. */
    public enum Result {
        /** There, and right. */
        YES("yes"),
        /** Not there, which no rule forbids. */
        NO("no"),
        /** Breaks a rule, or misleads those who ask. */
        WRONG("wrong"),
        /** Harms others, or its owner. */
        DANGEROUS("dangerous"),
        /** Cannot be told from here. */
        UNKNOWN("unknown");

        private final String text;

        Result(String text) {
            this.text = text;
        }

        /** The name for machines. */
        public String text() {
            return text;
        }
    }

    /** Whether the server's owner has something to mend. */
    public boolean isFault() {
        return result == Result.WRONG || result == Result.DANGEROUS;
    }

    static Finding yes(Topic topic, String detail) {
        return new Finding(topic, Result.YES, detail);
    }

    static Finding no(Topic topic, String detail) {
        return new Finding(topic, Result.NO, detail);
    }

    static Finding wrong(Topic topic, String detail) {
        return new Finding(topic, Result.WRONG, detail);
    }

    static Finding unknown(Topic topic, String detail) {
        return new Finding(topic, Result.UNKNOWN, detail);
    }
}
