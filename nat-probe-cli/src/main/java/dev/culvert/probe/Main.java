package dev.culvert.probe;

import dev.culvert.ice.vertx.NetworkException;
import java.io.IOException;
import picocli.CommandLine;

/** The entry point of {@code nat-probe}. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(run(new CommandLine(new NatProbe()), args));
    }

    /** Runs a command line and returns its exit code; whatever goes wrong is told in one line on stderr. */
    static int run(CommandLine commandLine, String... args) {
        return commandLine
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, given) -> {
                    e.getCommandLine().getErr().println("nat-probe: " + e.getMessage() + "; see nat-probe --help");
                    return ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((e, command, parsed) -> exitOf(e, command))
                .execute(args);
    }

    private static int exitOf(Exception e, CommandLine command) throws Exception {
        if (e instanceof UsageException || e instanceof NetworkException || e instanceof IOException) {
            command.getErr().println("nat-probe: " + e.getMessage());
            return e instanceof UsageException ? ExitCode.USAGE : ExitCode.ERROR;
        }
        throw e;
    }
}
