package dev.culvert.server.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes below {@code /api/v1}: which of them is asked, and what it answers. Used by any thread. */
public final class AdminApi {
    static final String PREFIX = "/api/v1";

    private static final Logger LOG = LoggerFactory.getLogger(AdminApi.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<AdminRoute> routes;

    public AdminApi(List<AdminRoute> routes) {
        this.routes = List.copyOf(routes);
    }

    List<AdminRoute> routes() {
        return routes;
    }

    /** The methods that {@code path}, prefix included, is for, for the header Allow; empty where there is no such path. */
    public String methods(String path) {
        return routes.stream()
                .filter(route -> match(route, path).isPresent())
                .map(AdminRoute::method)
                .distinct()
                .collect(Collectors.joining(", "));
    }

    /** What is asked; HEAD asks for what GET does. */
    public Optional<AdminRoute> find(String method, String path) {
        String wanted = method.equals("HEAD") ? "GET" : method;
        return routes.stream()
                .filter(route -> route.method().equals(wanted))
                .filter(route -> match(route, path).isPresent())
                .findFirst();
    }

    private static Optional<Map<String, String>> match(AdminRoute route, String path) {
        return path.startsWith(PREFIX) ? route.match(path.substring(PREFIX.length())) : Optional.empty();
    }

    /** What is said of another path. */
    public AdminAnswer noSuchPath() {
        String known = routes.stream()
                .map(route -> route.method() + " " + PREFIX + route.path())
                .collect(Collectors.joining(", "));
        return AdminAnswer.error(404, "no-such-path", "there is " + known);
    }

    /** Reads what comes with {@code request}, and answers it on a thread that may be blocked. */
    public void answer(HttpServerRequest request, String path, AdminRoute route, HttpPort port) {
        JsonBody.read(request)
                .onFailure(failure -> Answers.json(
                        request, AdminAnswer.error(413, "too-large", "the body has " + failure.getMessage())))
                .compose(body -> port.work(() -> answer(route, path, request.params(), body)))
                .onSuccess(answer -> Answers.json(request, answer));
    }

    private AdminAnswer answer(AdminRoute route, String path, MultiMap query, String body) {
        try {
            Map<String, String> parameters = new HashMap<>();
            query.forEach(parameters::put);
            AdminRequest request = new AdminRequest(match(route, path).orElseThrow(), parameters, parsed(body));
            request.requireKnown(route.parameters(), route.fields());
            return route.handler().answer(request);
        } catch (BadRequestException e) {
            return AdminAnswer.error(400, "bad-request", String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("{} {}: unexpected failure", route.method(), route.path(), e);
            return AdminAnswer.error(500, "unexpected", "this is a defect; the server's log says more");
        }
    }

    private static JsonNode parsed(String body) throws BadRequestException {
        if (body.isBlank()) {
            return JsonNodeFactory.instance.objectNode();
        }
        try {
            JsonNode json = JSON.readTree(body);
            if (json.isObject()) {
                return json;
            }
        } catch (JsonProcessingException e) {
            throw new BadRequestException("the body is no JSON (line "
                    + e.getLocation().getLineNr() + "); write one JSON object, or nothing");
        }
        throw new BadRequestException("the body is no JSON object; write one, or nothing");
    }
}
