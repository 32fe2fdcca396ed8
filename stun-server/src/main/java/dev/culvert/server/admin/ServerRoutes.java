package dev.culvert.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culvert.server.admin.ReloadReport.Change;
import dev.culvert.server.admin.ReloadReport.Effect;
import dev.culvert.server.config.Parsers;
import dev.culvert.server.config.Problem;
import dev.culvert.server.config.ServerConfig.Log.Level;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The routes that every server has, and then those of its program. */
final class ServerRoutes {
    /** One summary a second for as long as somebody listens; its handler tells one. */
    static final String EVENTS = "/events";

    private final Administered server;
    private final Summary summary;
    private final Certificates certificates;
    private final ObjectNode openApi;

    ServerRoutes(Administered server, Summary summary, Certificates certificates) {
        this.server = server;
        this.summary = summary;
        this.certificates = certificates;
        this.openApi = OpenApi.document(server.routes());
    }

    List<AdminRoute> all() {
        List<AdminRoute> all = new ArrayList<>(List.of(
                AdminRoute.get("/openapi.json", List.of(), request -> AdminAnswer.ok(openApi)),
                AdminRoute.get("/server", List.of(), request -> AdminAnswer.ok(describe())),
                AdminRoute.get(EVENTS, List.of(), request -> AdminAnswer.ok(summary.now())),
                AdminRoute.told("POST", "/reload", List.of(), request -> reload()),
                AdminRoute.told("POST", "/drain", List.of(), request -> drain()),
                AdminRoute.get("/log-level", List.of(), request -> logLevel()),
                AdminRoute.told("PUT", "/log-level", List.of("level"), this::setLogLevel)));
        server.state().trace().ifPresent(trace -> all.addAll(new TraceRoutes(trace).all()));
        all.addAll(server.routes().routes());
        return all;
    }

    private ObjectNode describe() {
        ObjectNode shown = JsonNodeFactory.instance.objectNode();
        long startedAt = ManagementFactory.getRuntimeMXBean().getStartTime();
        shown.put("program", server.routes().program())
                .put("version", Version.text())
                .put("java", Runtime.version().toString())
                .put("startedAt", Instant.ofEpochMilli(startedAt).toString())
                .put("ready", server.state().isReady())
                .put("logLevel", word(server.control().logLevel()));
        shown.set("listeners", summary.listeners());
        shown.set("certificates", certificates.show());
        server.routes().describe(shown);
        return shown;
    }

    private AdminAnswer reload() {
        ReloadReport report = server.control().reload();
        if (!report.problems().isEmpty()) {
            AdminAnswer refusal = AdminAnswer.error(
                    422, "configuration-refused", "what was in force before stays; mend the problems and ask again");
            ArrayNode problems = ((ObjectNode) refusal.body().path("error")).putArray("problems");
            report.problems().forEach(problem -> problems.add(shown(problem)));
            return refusal;
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        keys(body.putArray("applied"), report, Effect.APPLIED);
        keys(body.putArray("needsRestart"), report, Effect.NEEDS_RESTART);
        return AdminAnswer.ok(body);
    }

    private static ObjectNode shown(Problem problem) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("where", problem.where())
                .put("value", problem.value())
                .put("wrong", problem.wrong())
                .put("right", problem.right());
    }

    private static void keys(ArrayNode into, ReloadReport report, Effect effect) {
        report.changes().stream()
                .filter(change -> change.effect() == effect)
                .map(Change::key)
                .forEach(into::add);
    }

    private AdminAnswer drain() {
        server.control().drain();
        return new AdminAnswer(202, JsonNodeFactory.instance.objectNode().put("draining", true));
    }

    private AdminAnswer logLevel() {
        return AdminAnswer.ok(JsonNodeFactory.instance
                .objectNode()
                .put("level", word(server.control().logLevel())));
    }

    private AdminAnswer setLogLevel(AdminRequest request) throws BadRequestException {
        Level level = request.field("level", Parsers.oneOf(Level.class))
                .orElseThrow(() -> new BadRequestException("the field level is missing; write {\"level\": \"debug\"}"));
        server.control().logLevel(level);
        return logLevel();
    }

    private static String word(Level level) {
        return level.name().toLowerCase(Locale.ROOT);
    }
}
