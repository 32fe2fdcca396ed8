package dev.culvert.server.admin;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** What comes with a request: JSON, and not much of it. */
public final class JsonBody {
    private static final int MAX_BYTES = 64 << 10;
    private static final String TYPE = "application/json";

    private JsonBody() {}

    /**
     * Why what comes with {@code request} is not taken. A page of another site can send a form anywhere, but JSON only after
     * the server has agreed.
     */
    public static Optional<AdminAnswer> refusal(HttpServerRequest request) {
        String type = request.getHeader("Content-Type");
        boolean isJson = type != null
                && type.toLowerCase(Locale.ROOT).split(";", 2)[0].strip().equals(TYPE);
        return isJson
                ? Optional.empty()
                : Optional.of(AdminAnswer.error(
                        415, "not-json", "send Content-Type: " + TYPE + ", even where there is nothing to send"));
    }

    /** All of it as text; fails where it is too much. */
    public static Future<String> read(HttpServerRequest request) {
        Promise<String> text = Promise.promise();
        Buffer body = Buffer.buffer();
        request.handler(chunk -> {
            if (body.length() + chunk.length() > MAX_BYTES) {
                text.tryFail("more than " + MAX_BYTES + " bytes");
                return;
            }
            body.appendBuffer(chunk);
        });
        request.exceptionHandler(text::tryFail);
        request.endHandler(end -> text.tryComplete(body.toString(StandardCharsets.UTF_8)));
        return text.future();
    }
}
