package dev.culvert.probe;

import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Help.Ansi;

/** The lines of a report for people, each with its label. */
final class ReportLines {
    private final Ansi style;
    private final StringBuilder text = new StringBuilder();

    ReportLines(Ansi style) {
        this.style = style;
    }

    ReportLines add(String label, String value) {
        text.append(style.string("@|bold " + label + ":|@ ")).append(value).append('\n');
        return this;
    }

    /** Lines without a label, after an empty one; nothing where there are none. */
    ReportLines addBlock(List<String> lines) {
        if (!lines.isEmpty()) {
            text.append('\n');
            lines.forEach(line -> text.append(line).append('\n'));
        }
        return this;
    }

    /** A duration as people say it: {@code 90 s}, {@code 1.5 s}. */
    static String seconds(Duration duration) {
        long millis = duration.toMillis();
        return (millis % 1000 == 0 ? String.valueOf(millis / 1000) : String.valueOf(millis / 1000.0)) + " s";
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
