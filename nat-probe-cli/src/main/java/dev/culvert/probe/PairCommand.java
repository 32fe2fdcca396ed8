package dev.culvert.probe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culvert.ice.nat.PairSide;
import dev.culvert.ice.nat.PairVerdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells from two reports whether their hosts connect. Filled and called by picocli. */
@Command(
        name = "pair",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Tells whether two hosts connect, from what nat-probe --json has said on each of them.",
            "Sends nothing."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:they connect directly",
            "10:a relay is needed, or ports must be predicted",
            "30:inconclusive",
            "1:error",
            "2:usage"
        })
final class PairCommand implements Callable<Integer> {
    static final String SCHEMA = "culvert.nat-probe.pair/1";

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "A.json",
            description = "What nat-probe --json has printed on one host; - is standard input.")
    String first = "";

    @Parameters(index = "1", paramLabel = "B.json", description = "The same of the other host.")
    String second = "";

    @Option(names = "--json", description = "Print one JSON object.")
    boolean json;

    @Option(names = "--quiet", description = "Print the verdict alone.")
    boolean quiet;

    @Override
    public Integer call() throws IOException {
        if (first.equals("-") && second.equals("-")) {
            throw new UsageException("pair - -: standard input holds one report; give a file for the other");
        }
        List<PairSide> sides = List.of(ReportFile.read(first), ReportFile.read(second));
        PairVerdict verdict = PairVerdict.of(sides.get(0), sides.get(1));
        int exit = exitOf(verdict.connection());
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? toJson(sides, verdict, exit) : toText(sides, verdict));
        out.flush();
        return exit;
    }

    private static int exitOf(PairVerdict.Connection connection) {
        return switch (connection) {
            case DIRECT, SIMULTANEOUS_OPEN -> ExitCode.DIRECT;
            case PORT_PREDICTION, RELAY -> ExitCode.RELAY_NEEDED;
            case LAN_OR_HAIRPIN, UNKNOWN -> ExitCode.INCONCLUSIVE;
        };
    }

    private String toText(List<PairSide> sides, PairVerdict verdict) {
        StringBuilder text = new StringBuilder();
        text.append("Connection: ").append(verdict.connection().title());
        if (quiet) {
            return text.toString();
        }
        text.append("\nWhy: ").append(verdict.reason());
        if (verdict.connection() == PairVerdict.Connection.PORT_PREDICTION) {
            text.append("\nNote: ICE does not predict ports; with it, provide a relay");
        }
        if (verdict.confidence() > 0) {
            double percent = Math.floor(verdict.confidence() * 10_000) / 100;
            text.append(String.format(Locale.ROOT, "%nConfidence: %s %%", percent));
        }
        for (PairSide side : sides) {
            String seen = side.external().isEmpty()
                    ? "nowhere"
                    : side.external().get(0).ip().toString();
            text.append('\n').append(side.name()).append(": seen at ").append(seen);
            text.append(", mapping ").append(side.mapping().text());
            text.append(", filtering ").append(side.filtering().text());
        }
        return text.toString();
    }

    private static String toJson(List<PairSide> sides, PairVerdict verdict, int exit) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("schema", SCHEMA);
        root.put("connection", verdict.connection().text());
        root.put("reason", verdict.reason());
        root.put("confidence", verdict.confidence());
        ArrayNode nodes = root.putArray("sides");
        for (PairSide side : sides) {
            ObjectNode node = nodes.addObject().put("name", side.name());
            node.put("mapping", side.mapping().text());
            node.put("filtering", side.filtering().text());
            node.put("predictable", side.predictable());
            ArrayNode external = node.putArray("external");
            side.external().forEach(address -> external.add(JsonReport.address(address)));
        }
        root.put("exit", exit);
        return JsonReport.pretty(root);
    }
}
