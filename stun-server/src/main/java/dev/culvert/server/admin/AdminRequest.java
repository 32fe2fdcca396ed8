package dev.culvert.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culvert.server.config.InvalidValueException;
import dev.culvert.server.config.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request of somebody who may ask.
 *
 * @param path what stood in place of the words in braces in the route's path
 * @param query the parameters of the query
 * @param body the JSON object that came with it; empty where none did
 */
public record AdminRequest(Map<String, String> path, Map<String, String> query, JsonNode body) {
    public AdminRequest {
        path = Map.copyOf(path);
        query = Map.copyOf(query);
    }

    /** A part of the path. */
    public String path(String name) {
        return path.getOrDefault(name, "");
    }

    /** A parameter of the query; empty where it was not given. */
    public <T> Optional<T> query(String name, Setting.Parser<T> parser) throws BadRequestException {
        String text = query.get(name);
        return text == null ? Optional.empty() : Optional.of(parsed("the parameter " + name, text, parser));
    }

    /** A text in the body; empty where it was not given. */
    public <T> Optional<T> field(String name, Setting.Parser<T> parser) throws BadRequestException {
        JsonNode value = body.path(name);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isValueNode() || value.isNull()) {
            throw new BadRequestException("the field " + name + " is no plain value; write a text or a number");
        }
        return Optional.of(parsed("the field " + name, value.asText(), parser));
    }

    /** A list of texts in the body; empty where it was not given. */
    public <T> List<T> fields(String name, Setting.Parser<T> parser) throws BadRequestException {
        JsonNode list = body.path(name);
        if (!list.isMissingNode() && !list.isArray()) {
            throw new BadRequestException("the field " + name + " is no list; write [\"…\"]");
        }
        List<T> values = new ArrayList<>();
        for (JsonNode each : list) {
            values.add(parsed("the field " + name, each.asText(), parser));
        }
        return values;
    }

    private static <T> T parsed(String what, String text, Setting.Parser<T> parser) throws BadRequestException {
        try {
            return parser.parse(text);
        } catch (InvalidValueException e) {
            throw new BadRequestException(what + " \"" + text + "\": " + e.wrong() + "; " + e.right());
        }
    }

    /** Refuses what the route does not know: a misspelt filter would else show everything. */
    void requireKnown(List<String> parameters, List<String> fields) throws BadRequestException {
        requireKnown("parameter", query.keySet(), parameters);
        List<String> given = new ArrayList<>();
        body.fieldNames().forEachRemaining(given::add);
        requireKnown("field", given, fields);
    }

    private static void requireKnown(String what, Iterable<String> given, List<String> known)
            throws BadRequestException {
        for (String name : given) {
            if (!known.contains(name)) {
                String right = known.isEmpty() ? "there is none here" : "there is " + String.join(", ", known);
                throw new BadRequestException("no such " + what + ": " + name + "; " + right);
            }
        }
    }
}
