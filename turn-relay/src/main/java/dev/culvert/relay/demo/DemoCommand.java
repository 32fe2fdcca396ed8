package dev.culvert.relay.demo;

import dev.culvert.server.Logging;
import dev.culvert.server.config.ServerConfig.Log;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code turn-relay demo}. */
@Command(
        name = "demo",
        description = "Show what TURN does: a server, two clients, every step told.",
        footer = {
            "",
            "Everything runs in this process on 127.0.0.1, with ports that the system picks,",
            "and ends by itself within seconds. Nothing is left behind.",
            "Exit codes: 0 all steps went well, 1 one did not."
        })
public final class DemoCommand implements Callable<Integer> {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    private boolean isHelpWanted;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Runs the demo; returns the exit code. */
    @Override
    public Integer call() {
        // The story tells what a server's log would.
        Logging.configure(new Log(Log.Level.ERROR, Log.Format.TEXT, Log.Addresses.FULL));
        CommandLine commandLine = spec.commandLine();
        // picocli looks at NO_COLOR and at the terminal.
        Ansi style = commandLine.getColorScheme().ansi().enabled() ? Ansi.ON : Ansi.OFF;
        return Demo.run(commandLine.getOut(), commandLine.getErr(), style);
    }
}
