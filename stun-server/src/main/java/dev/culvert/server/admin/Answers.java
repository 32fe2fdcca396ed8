package dev.culvert.server.admin;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** How answers are sent: one on each connection, and nothing of it is kept or guessed at by a browser. */
public final class Answers {
    private Answers() {}

    /** Sets what every answer has, before there is one. */
    public static void prepare(HttpServerResponse response) {
        response.putHeader("Cache-Control", "no-store")
                .putHeader("Connection", "close")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin")
                .putHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    }

    /** Sends JSON. */
    public static void json(HttpServerRequest request, AdminAnswer answer) {
        if (answer.status() == 401) {
            request.response().putHeader("WWW-Authenticate", "Bearer realm=\"culvert\"");
        }
        send(request, answer.status(), "application/json", answer.body().toString() + "\n");
    }

    /** Sends no more than the headers. */
    public static void nothing(HttpServerRequest request) {
        request.response()
                .setStatusCode(204)
                .end()
                .onComplete(sent -> request.connection().close());
    }

    /** Sends text for people. */
    static void text(HttpServerRequest request, int status, String text) {
        send(request, status, "text/plain; charset=utf-8", text + "\n");
    }

    /** Sends it, and ends the connection. */
    static void send(HttpServerRequest request, int status, String type, String body) {
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", type)
                .end(body)
                .onComplete(sent -> request.connection().close());
    }
}
