package dev.culvert.server.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The JSON Schema of a configuration file, from which an editor completes and checks it. What the schema takes the
 * program may still refuse: it knows what must hold between settings, and what files must hold.
 */
public final class ConfigSchema {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final DefaultIndenter INDENT = new DefaultIndenter("  ", "\n");

    private ConfigSchema() {}

    /** The schema of the files that {@code program} reads, as JSON. */
    public static String of(String program, Settings settings) {
        ObjectNode root = JSON.objectNode()
                .put("$schema", "https://json-schema.org/draft/2020-12/schema")
                .put("$id", "culvert." + program + ".config/1")
                .put("title", "Configuration file of " + program)
                .put("type", "object")
                .put("additionalProperties", false);
        ObjectNode properties = root.putObject("properties");
        for (Setting<?> setting : settings.all()) {
            properties.set(setting.name(), property(setting));
            if (!setting.offSwitch().isEmpty()) {
                properties
                        .putObject(setting.offSwitch())
                        .put("description", "The same as " + setting.name() + ": " + Setting.OFF + ".")
                        .put("type", "boolean");
            }
        }
        return text(root);
    }

    private static ObjectNode property(Setting<?> setting) {
        ObjectNode property = JSON.objectNode();
        property.put("description", setting.help() + " Default: " + setting.shownDefault() + ".");
        ObjectNode one = setting.isFlag()
                ? JSON.objectNode().put("type", "boolean")
                : of(setting.parser().shape());
        if (!setting.repeatable()) {
            return property.setAll(one);
        }
        ArrayNode either = property.putArray("anyOf");
        either.add(one);
        either.addObject().put("type", "array").set("items", one.deepCopy());
        return property;
    }

    private static ObjectNode of(Shape shape) {
        ObjectNode node = JSON.objectNode();
        if (shape instanceof Shape.Text text) {
            node.put("type", "string");
            return text.pattern().isEmpty() ? node : node.put("pattern", "^(" + text.pattern() + ")$");
        }
        if (shape instanceof Shape.Whole whole) {
            return node.put("type", "integer").put("minimum", whole.min()).put("maximum", whole.max());
        }
        if (shape instanceof Shape.OneOf oneOf) {
            oneOf.words().forEach(node.putArray("enum")::add);
            return node;
        }
        List<Shape> shapes = ((Shape.Either) shape).shapes();
        ArrayNode either = node.putArray("anyOf");
        shapes.forEach(each -> either.add(of(each)));
        return node;
    }

    private static String text(ObjectNode root) {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentObjectsWith(INDENT);
        printer.indentArraysWith(INDENT);
        try {
            return new ObjectMapper().writer(printer).writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain nodes", e);
        }
    }
}
