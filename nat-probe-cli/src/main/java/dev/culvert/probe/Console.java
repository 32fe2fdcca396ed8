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
        // picocli looks at NO_COLOR and at the terminal, in the way of each Java version.
        style = commandLine.getColorScheme().ansi().enabled() ? Ansi.ON : Ansi.OFF;
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
