package dev.culvert.relay.convert;

import dev.culvert.relay.config.TurnBinding;
import dev.culvert.relay.config.TurnSettings;
import dev.culvert.server.ProgramCommand;
import dev.culvert.server.config.FileLayer;
import dev.culvert.server.config.Problem;
import dev.culvert.server.config.Problems;
import dev.culvert.server.config.Setting;
import dev.culvert.server.config.Values;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code turn-relay convert FILE}: coturn's configuration as one of this server. */
public final class ConvertCommand implements ProgramCommand {
    /** Exit code where what was printed is no configuration yet. */
    private static final int UNFINISHED = 1;

    private static final String LABEL = "FILE";

    @Override
    public String name() {
        return "convert";
    }

    @Override
    public String description() {
        return "Print a configuration file made of coturn's turnserver.conf.";
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of();
    }

    @Override
    public void define(CommandSpec spec) {
        spec.addPositional(PositionalParamSpec.builder()
                .index("0")
                .arity("1")
                .required(true)
                .paramLabel(LABEL)
                .type(String.class)
                .description("Coturn's configuration file, usually /etc/turnserver.conf.")
                .build());
        spec.usageMessage()
                .footer(
                        "",
                        "Comments in what is printed tell which line became what, what changed its meaning, and what",
                        "has no counterpart here. Passwords and secrets are in it: write it to a file of mode 600.",
                        "Exit codes: 0 the server would start with it, 1 something is still missing, as lines on standard",
                        "error say, 2 something in the file cannot be read, and nothing is printed.");
    }

    @Override
    public Action bind(ParseResult parsed, Values values) {
        String file = parsed.matchedPositionalValue(0, "");
        String yaml = file.isEmpty() ? "" : read(file, values);
        return out -> print(yaml, out, parsed.commandSpec().commandLine().getErr());
    }

    private static String read(String file, Values values) {
        Problems problems = new Problems();
        String yaml = "";
        try {
            Path path = Path.of(file);
            yaml = convert(path, Files.readString(path), problems);
        } catch (InvalidPathException e) {
            problems.add(new Problem(LABEL, file, "not a file name", "name a readable file"));
        } catch (IOException e) {
            problems.add(new Problem(LABEL, file, FileLayer.unreadable(e), "name a readable file"));
        }
        problems.list().forEach(values::note);
        return yaml;
    }

    /** What {@code text}, which is coturn's file {@code path}, becomes; what cannot be read is noted. */
    static String convert(Path path, String text, Problems problems) {
        CoturnFile in = CoturnFile.read(path, text, problems);
        Draft draft = new Draft();
        Set<Integer> udpPorts = ListenerConversion.convert(in, draft);
        RelayConversion.convert(in, draft, udpPorts);
        AccessConversion.convert(in, draft);
        LimitConversion.convert(in, draft);
        PeerConversion.convert(in, draft);
        AdminConversion.convert(in, draft);
        if (!in.isOn("no-tcp-relay")) {
            draft.difference("coturn relays TCP too (RFC 6062); here data is relayed over UDP alone.");
        }
        NamedOptions.convert(in, draft);
        return draft.text();
    }

    /** What the server would say of {@code yaml}. */
    static List<Problem> check(String yaml) {
        Problems problems = new Problems();
        Values values = new Values(
                TurnSettings.ALL, List.of(FileLayer.read("(converted)", yaml, TurnSettings.ALL, problems)), problems);
        TurnBinding.bind(values);
        return problems.list();
    }

    private static int print(String yaml, PrintWriter out, PrintWriter err) {
        out.print(yaml);
        List<Problem> missing = check(yaml);
        missing.forEach(problem -> err.println("turn-relay: " + problem));
        err.flush();
        return missing.isEmpty() ? 0 : UNFINISHED;
    }
}
