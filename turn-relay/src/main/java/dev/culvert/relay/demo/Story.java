package dev.culvert.relay.demo;

import dev.culvert.ice.vertx.PacketTap;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Help.Ansi;

/** Tells what happens, a line at a time. Used by any thread. */
final class Story {
    private static final String INDENT = " ".repeat(3);

    private final PrintWriter out;
    private final Ansi style;
    private final long startNanos = System.nanoTime();
    private int chapters;

    Story(PrintWriter out, Ansi style) {
        this.out = out;
        this.style = style;
    }

    void introduce() {
        print(List.of(
                "Alice and Bob want to talk, but each sits behind a NAT that lets nothing in.",
                "A TURN server lends each of them an address that anybody can reach, and relays what comes there.",
                "What follows is real traffic on real sockets, inside this computer only (127.0.0.1)."));
    }

    /** A new step: what it is, and why it is done. */
    void chapter(String title, String... explanation) {
        synchronized (out) {
            chapters++;
            out.println();
            out.println(styled("bold", chapters + ". " + title));
            for (String line : explanation) {
                out.println(INDENT + line);
            }
            out.flush();
        }
    }

    /** One thing that happened now. */
    void tell(String line) {
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
        print(List.of(styled("faint", "%5d ms".formatted(millis)) + "  " + line));
    }

    /** Tells every message of the client {@code name}. */
    PacketTap tap(String name) {
        return (direction, transport, local, remote, bytes) -> {
            String whom = direction == PacketTap.Direction.SENT
                    ? "%-6s -> %-6s".formatted(name, "server")
                    : "%-6s -> %-6s".formatted("server", name);
            tell(whom + "  " + MessageWords.of(bytes));
        };
    }

    void conclude() {
        print(List.of(
                "",
                styled("bold", "That was TURN.") + " Now run a server of your own, on UDP and TCP port 3478:",
                "",
                INDENT + "bin/turn-relay --realm example.org --user alice:secret"));
    }

    private void print(List<String> lines) {
        synchronized (out) {
            lines.forEach(out::println);
            out.flush();
        }
    }

    private String styled(String how, String text) {
        return style.string("@|" + how + " " + text + "|@");
    }
}
