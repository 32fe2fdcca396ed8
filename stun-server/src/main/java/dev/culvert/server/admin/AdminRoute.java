package dev.culvert.server.admin;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One thing that the admin API can be asked for or told.
 *
 * @param method GET, POST, PUT or DELETE
 * @param path below {@code /api/v1}, for example {@code /allocations/{id}}: what is in braces stands for one part
 * @param parameters those that its query may have
 * @param fields those that the JSON object in its body may have
 * @param handler called on a thread that may be blocked
 */
public record AdminRoute(String method, String path, List<String> parameters, List<String> fields, Handler handler) {
    /** Answers a request. */
    @FunctionalInterface
    public interface Handler {
        AdminAnswer answer(AdminRequest request) throws BadRequestException;
    }

    public AdminRoute {
        parameters = List.copyOf(parameters);
        fields = List.copyOf(fields);
    }

    /** One that tells something. */
    public static AdminRoute get(String path, List<String> parameters, Handler handler) {
        return new AdminRoute("GET", path, parameters, List.of(), handler);
    }

    /** One that is told something. */
    public static AdminRoute told(String method, String path, List<String> fields, Handler handler) {
        return new AdminRoute(method, path, List.of(), fields, handler);
    }

    /** What stands in place of the words in braces if {@code asked}, without a query, is this path. */
    Optional<Map<String, String>> match(String asked) {
        String[] template = path.split("/", -1);
        String[] parts = asked.split("/", -1);
        if (template.length != parts.length) {
            return Optional.empty();
        }
        Map<String, String> found = new HashMap<>();
        for (int i = 0; i < parts.length; i++) {
            boolean isVariable = template[i].startsWith("{");
            if (isVariable) {
                found.put(template[i].substring(1, template[i].length() - 1), parts[i]);
            }
            if (!isVariable && !template[i].equals(parts[i])) {
                return Optional.empty();
            }
        }
        return Optional.of(found);
    }
}
