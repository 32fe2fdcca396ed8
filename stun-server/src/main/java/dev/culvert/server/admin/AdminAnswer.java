package dev.culvert.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a route of the admin API answers.
 *
 * @param status the HTTP status
 * @param body JSON
 */
public record AdminAnswer(int status, JsonNode body) {
    /** Status 200. */
    public static AdminAnswer ok(JsonNode body) {
        return new AdminAnswer(200, body);
    }

    /**
     * {@code {"error": {"code": …, "message": …}}}.
     *
     * @param code a word for programs
     * @param message for people: what is wrong and what would be right
     */
    public static AdminAnswer error(int status, String code, String message) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("error").put("code", code).put("message", message);
        return new AdminAnswer(status, body);
    }
}
