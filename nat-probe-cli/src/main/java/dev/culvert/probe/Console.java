package dev.culvert.probe;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Where a command prints: results to stdout, all else to stderr. */
final class Console {
    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean quiet;
    private final Ansi style;
    private @Nullable Progress progress;

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

    /** A line about what is waited for, where a person sees it; to be closed. It makes room for what is printed here. */
    Progress progress() {
        Progress opened = new Progress(err, System::nanoTime);
        progress = opened;
        return !quiet && Terminal.isThere() ? opened.drawing() : opened;
    }

    private void makeRoom() {
        if (progress != null) {
            progress.clear();
        }
    }

    void print(String text) {
        makeRoom();
        out.println(text.stripTrailing());
        out.flush();
    }

    /** Whether nobody reads the results any more. */
    boolean isClosed() {
        // picocli's writer stands before this stream, which keeps its errors to itself.
        return out.checkError() || System.out.checkError();
    }

    /** One line about something that does not stop the command. */
    void warn(String line) {
        if (!quiet) {
            makeRoom();
            err.println("nat-probe: " + line);
            err.flush();
        }
    }

    /** Lines that were asked for beside the result. */
    void trace(String lines) {
        makeRoom();
        err.println(lines.stripTrailing());
        err.flush();
    }
}
