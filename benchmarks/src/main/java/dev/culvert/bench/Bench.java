package dev.culvert.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The main of {@code bin/bench}. */
@Command(
        name = "bench",
        description = "Measures Culvert, alone or beside other servers.",
        mixinStandardHelpOptions = true,
        subcommands = BindingBench.class)
public final class Bench {
    private Bench() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench()).execute(arguments));
    }
}
