package dev.culvert.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The description of the admin API (OpenAPI 3.1). */
public final class OpenApi {
    private OpenApi() {}

    /** The document of a program: that of all servers, and what {@code more} says. */
    static ObjectNode document(AdminRoutes more) {
        ObjectNode document = read(OpenApi.class, "openapi.json");
        merge(document, more.openApi());
        ObjectNode info = (ObjectNode) document.path("info");
        info.put("title", more.program() + " admin API").put("version", Version.text());
        return document;
    }

    /** The JSON object in a resource beside {@code anchor}. */
    public static ObjectNode read(Class<?> anchor, String resource) {
        try (InputStream in = anchor.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + resource);
            }
            return (ObjectNode) new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Objects of both become one; all else of {@code more} wins. */
    private static void merge(ObjectNode into, ObjectNode more) {
        more.properties().forEach(property -> {
            JsonNode present = into.path(property.getKey());
            if (present.isObject() && property.getValue().isObject()) {
                merge((ObjectNode) present, (ObjectNode) property.getValue());
                return;
            }
            into.set(property.getKey(), property.getValue());
        });
    }
}
