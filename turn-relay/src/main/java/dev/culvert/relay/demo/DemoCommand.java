package dev.culvert.relay.demo;

import dev.culvert.server.Logging;
import dev.culvert.server.ProgramCommand;
import dev.culvert.server.config.ServerConfig.Log;
import dev.culvert.server.config.Setting;
import dev.culvert.server.config.Values;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code turn-relay demo}: shows what TURN does, to somebody who has never seen it. */
public final class DemoCommand implements ProgramCommand {
    @Override
    public String name() {
        return "demo";
    }

    @Override
    public String description() {
        return "Show what TURN does: a server, two clients, every step told.";
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of();
    }

    @Override
    public void define(CommandSpec spec) {
        spec.usageMessage()
                .footer(
                        "",
                        "Everything runs in this process on 127.0.0.1, with ports that the system picks,",
                        "and ends by itself within seconds. Nothing is configured, nothing is left behind.",
                        "Exit codes: 0 all steps went well, 1 one did not, 2 something given is wrong.");
    }

    @Override
    public Action bind(ParseResult parsed, Values values) {
        return out -> run(out, parsed.commandSpec().commandLine());
    }

    private static int run(PrintWriter out, CommandLine commandLine) {
        // The story tells what a server's log would.
        Logging.configure(new Log(Log.Level.ERROR, Log.Format.TEXT, Log.Addresses.FULL));
        // picocli looks at NO_COLOR and at the terminal.
        Ansi style = commandLine.getColorScheme().ansi().enabled() ? Ansi.ON : Ansi.OFF;
        return Demo.run(out, commandLine.getErr(), style);
    }
}
