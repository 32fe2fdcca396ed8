package dev.culvert.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Checks JSON against the subset of JSON Schema that the published schemas use; other keywords are refused. */
public final class SchemaCheck {
    private static final Set<String> KEYWORDS = Set.of(
            "$schema",
            "$id",
            "title",
            "description",
            "type",
            "const",
            "enum",
            "properties",
            "required",
            "items",
            "minimum",
            "maximum",
            "pattern",
            "default",
            "anyOf",
            "additionalProperties",
            "$defs",
            "$ref");

    private final JsonNode root;
    private final List<String> problems = new ArrayList<>();

    private SchemaCheck(JsonNode root) {
        this.root = root;
    }

    /** What in {@code json} does not fit the schema in {@code docs/schema}. */
    public static List<String> problems(String schemaFile, String json) {
        try {
            Path file = Path.of("..", "docs", "schema", schemaFile);
            return problems(new ObjectMapper().readTree(Files.readString(file)), new ObjectMapper().readTree(json));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What in {@code value} does not fit {@code schema}. */
    public static List<String> problems(JsonNode schema, JsonNode value) {
        SchemaCheck check = new SchemaCheck(schema);
        check.check("", schema, value);
        return check.problems;
    }

    private void check(String path, JsonNode schema, JsonNode value) {
        schema.fieldNames().forEachRemaining(keyword -> {
            if (!KEYWORDS.contains(keyword)) {
                problems.add(path + ": the schema uses " + keyword + ", which this check does not know");
            }
        });
        if (schema.has("$ref")) {
            check(path, root.at(schema.get("$ref").asText().substring(1)), value);
            return;
        }
        checkValue(path, schema, value);
        if (schema.has("anyOf") && !fitsAny(schema.get("anyOf"), value)) {
            problems.add(path + ": " + value + " fits none of " + schema.get("anyOf"));
        }
        schema.path("required").forEach(name -> {
            if (!value.has(name.asText())) {
                problems.add(path + ": lacks " + name.asText());
            }
        });
        value.fieldNames().forEachRemaining(name -> {
            if (schema.has("properties") && !schema.path("properties").has(name)) {
                problems.add(path + ": " + name + " is not documented");
            }
        });
        schema.path("properties").properties().forEach(property -> {
            if (value.has(property.getKey())) {
                check(path + "/" + property.getKey(), property.getValue(), value.get(property.getKey()));
            }
        });
        if (schema.has("items")) {
            value.forEach(item -> check(path + "/*", schema.get("items"), item));
        }
    }

    private boolean fitsAny(JsonNode alternatives, JsonNode value) {
        for (JsonNode alternative : alternatives) {
            SchemaCheck check = new SchemaCheck(root);
            check.check("", alternative, value);
            if (check.problems.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private void checkValue(String path, JsonNode schema, JsonNode value) {
        if (schema.has("type") && !isOfType(schema.get("type").asText(), value)) {
            problems.add(path + ": " + value + " is no " + schema.get("type").asText());
        }
        if (schema.has("const") && !schema.get("const").equals(value)) {
            problems.add(path + ": " + value + " is not " + schema.get("const"));
        }
        if (schema.has("enum") && !contains(schema.get("enum"), value)) {
            problems.add(path + ": " + value + " is none of " + schema.get("enum"));
        }
        boolean tooLow = schema.has("minimum")
                && value.asDouble() < schema.get("minimum").asDouble();
        boolean tooHigh = schema.has("maximum")
                && value.asDouble() > schema.get("maximum").asDouble();
        if (tooLow || tooHigh) {
            problems.add(path + ": " + value + " is out of range");
        }
        if (schema.has("pattern")
                && !value.asText().matches(schema.get("pattern").asText())) {
            problems.add(path + ": " + value + " does not match " + schema.get("pattern"));
        }
    }

    private static boolean contains(JsonNode allowed, JsonNode value) {
        for (JsonNode each : allowed) {
            if (each.equals(value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOfType(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            default -> false;
        };
    }
}
