package dev.culvert.server.config;

/**
 * One thing that is wrong with what an operator wrote.
 *
 * @param where the option as its source calls it: {@code --listen}, {@code CULVERT_LISTEN}, {@code turn.yaml:3: listen}
 * @param value what was given, empty where there is nothing to show
 * @param wrong what is wrong with it
 * @param right what would be right, empty where {@code wrong} says it
 */
public record Problem(String where, String value, String wrong, String right) {
    /** The problem on one line. */
    @Override
    public String toString() {
        String given = value.isEmpty() ? "" : " \"" + oneLine(value) + "\"";
        String remedy = right.isEmpty() ? "" : "; " + oneLine(right);
        return where + given + ": " + oneLine(wrong) + remedy;
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }
}
