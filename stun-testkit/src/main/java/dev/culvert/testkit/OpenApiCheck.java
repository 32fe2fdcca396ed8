package dev.culvert.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Checks answers of an HTTP API against its OpenAPI document. */
public record OpenApiCheck(JsonNode document) {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete");

    /** Everything that the document describes, each as {@code GET /things/{id}}. */
    public Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().fieldNames().forEachRemaining(name -> {
                    if (METHODS.contains(name)) {
                        operations.add(name.toUpperCase(Locale.ROOT) + " " + path.getKey());
                    }
                }));
        return operations;
    }

    /**
     * What in an answer is not as the document says.
     *
     * @param operation as {@link #operations} has it
     */
    public List<String> problems(String operation, int status, JsonNode answer) {
        String[] words = operation.split(" ");
        JsonNode responses = document.path("paths")
                .path(words[1])
                .path(words[0].toLowerCase(Locale.ROOT))
                .path("responses");
        JsonNode response = responses.path(Integer.toString(status));
        if (response.isMissingNode() && status < 400) {
            return List.of(operation + " does not answer " + status);
        }
        if (response.isMissingNode()) {
            response = responses.path("default");
        }
        if (response.has("$ref")) {
            response = document.at(response.get("$ref").asText().substring(1));
        }
        JsonNode content = response.path("content");
        if (content.isEmpty()) {
            return List.of(operation + " has no content for " + status);
        }
        return SchemaCheck.problems(document, content.iterator().next().path("schema"), answer);
    }
}
