package dev.culvert.probe;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Where a command prints: results to stdout, all else to stderr. */
final class Console {
    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean quiet;
    private final Ansi style;

    Console(CommandLine commandLine, CommonOptions options) {
        out = commandLine.getOut();
        err = commandLine.getErr();
        quiet = options.quiet;
        style = styleOf(
                System.getenv("NO_COLOR") != null,
                System.console() != null && commandLine.getColorScheme().ansi().enabled());
    }

    private static Ansi styleOf(boolean noColor, boolean terminal) {
        return terminal && !noColor ? Ansi.ON : Ansi.OFF;
    }

    Ansi style() {
        return style;
    }

    void print(String text) {
        out.println(text.stripTrailing());
        out.flush();
    }

    /** One line about something that does not stop the command. */
    void warn(String line) {
        if (!quiet) {
            err.println("nat-probe: " + line);
            err.flush();
        }
    }

    /** Lines that were asked for beside the result. */
    void trace(String lines) {
        err.println(lines.stripTrailing());
        err.flush();
    }
}
