package dev.culvert.server.log;

/**
 * A value of a log line that clients or people have worded: in quotes in a text line, where nothing in it ends the quotes
 * or the line, and as it is in JSON.
 *
 * @param text any text
 */
public record Quoted(String text) {
    @Override
    public String toString() {
        return '"' + text.replaceAll("[\"\\\\\\p{C}\\p{Zl}\\p{Zp}]", "?") + '"';
    }
}
