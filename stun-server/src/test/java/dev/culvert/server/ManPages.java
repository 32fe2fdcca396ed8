package dev.culvert.server;

import java.io.File;
import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/** Writes the manual pages of {@code stun-server} as AsciiDoc. Run by the profile {@code docs}. */
final class ManPages {
    private ManPages() {}

    /** Takes the folder. */
    public static void main(String[] arguments) throws IOException {
        CommandSpec command = new ServerCommand<>(Main.program(config -> 0), Map.of())
                .commandLine()
                .getCommandSpec();
        prepare(command);
        System.exit(ManPageGenerator.generateManPage(new File(arguments[0]), null, new boolean[0], false, command));
    }

    /** What stands below the options has no heading in the help, but needs one here. */
    private static void prepare(CommandSpec command) {
        command.usageMessage().footerHeading("Notes%n");
        command.subcommands().values().forEach(each -> prepare(each.getCommandSpec()));
    }
}
