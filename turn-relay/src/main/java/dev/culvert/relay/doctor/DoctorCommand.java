package dev.culvert.relay.doctor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culvert.relay.config.TurnBinding;
import dev.culvert.relay.config.TurnSettings;
import dev.culvert.server.ProgramCommand;
import dev.culvert.server.config.Setting;
import dev.culvert.server.config.Values;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code turn-relay doctor}: looks at the machine and the configuration, and tells what will go wrong. */
public final class DoctorCommand implements ProgramCommand {
    private static final String JSON = "--json";
    private static final String SCHEMA = "culvert.turn-relay.doctor/1";

    private final HostFacts host = new ThisHost();

    @Override
    public String name() {
        return "doctor";
    }

    @Override
    public String description() {
        return "Look at this machine and the configuration, and tell what will go wrong.";
    }

    @Override
    public List<Setting<?>> settings() {
        return TurnSettings.ALL.all();
    }

    @Override
    public void define(CommandSpec spec) {
        spec.addOption(
                OptionSpec.builder(JSON).description("Print one JSON object.").build());
        spec.usageMessage()
                .footer(
                        "",
                        "Run it as the user that the server runs as, while the server is stopped: ports are opened and",
                        "closed again. Nothing is sent to another host but questions for names.",
                        "Exit codes: 0 nothing is wrong, though there may be warnings; 1 there are errors; 2 the options",
                        "of this command are wrong.");
    }

    @Override
    public boolean tellsProblems() {
        return true;
    }

    @Override
    public Action bind(ParseResult parsed, Values values) {
        boolean isJson = parsed.hasMatchedOption(JSON);
        Subject subject = new Subject(TurnBinding.bind(values), values, host);
        return out -> print(Doctor.examine(subject), isJson, out);
    }

    private static int print(List<Finding> findings, boolean isJson, PrintWriter out) {
        int exitCode = findings.stream().anyMatch(finding -> finding.level() == Finding.Level.ERROR) ? 1 : 0;
        if (isJson) {
            out.println(json(findings, exitCode));
        } else {
            findings.forEach(out::println);
        }
        return exitCode;
    }

    private static ObjectNode json(List<Finding> findings, int exitCode) {
        ObjectNode root = JsonNodeFactory.instance.objectNode().put("schema", SCHEMA);
        ArrayNode array = root.putArray("findings");
        for (Finding finding : findings) {
            array.addObject()
                    .put("level", finding.level().word())
                    .put("about", finding.about())
                    .put("seen", finding.seen())
                    .put("mend", finding.mend());
        }
        return root.put("exit", exitCode);
    }
}
