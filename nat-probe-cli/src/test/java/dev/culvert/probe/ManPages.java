package dev.culvert.probe;

import java.io.File;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/** Writes the manual pages of {@code nat-probe} as AsciiDoc. Run by the profile {@code docs}. */
final class ManPages {
    private ManPages() {}

    /** Takes the folder and the version. */
    public static void main(String[] arguments) throws IOException {
        CommandSpec command = new CommandLine(new NatProbe()).getCommandSpec();
        prepare(command, arguments[1]);
        System.exit(ManPageGenerator.generateManPage(new File(arguments[0]), null, new boolean[0], false, command));
    }

    private static void prepare(CommandSpec command, String version) {
        command.versionProvider(() -> new String[] {version});
        command.usageMessage().exitCodeListHeading("Exit status%n");
        command.subcommands().values().forEach(each -> prepare(each.getCommandSpec(), version));
    }
}
