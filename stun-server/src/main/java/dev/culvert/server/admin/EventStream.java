package dev.culvert.server.admin;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tells a bounded number of watchers every second how the server is. Owned by the event loop of its port. */
final class EventStream {
    private static final int MAX_WATCHERS = 16;
    private static final long PERIOD_MILLIS = 1000;

    /** A watcher that takes nothing for so many seconds is not there any more. */
    private static final int MAX_MISSED = 20;

    private final HttpPort port;
    private final Summary summary;

    /** How many events in a row each has not taken. */
    private final Map<HttpServerResponse, Integer> watchers = new LinkedHashMap<>();

    private boolean running;
    private boolean working;

    EventStream(HttpPort port, Summary summary) {
        this.port = port;
        this.summary = summary;
    }

    boolean isFull() {
        return watchers.size() >= MAX_WATCHERS;
    }

    /** Lets whoever sent {@code request} watch until its connection ends. */
    void join(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        port.letLive(request.connection());
        response.closeHandler(closed -> watchers.remove(response));
        response.exceptionHandler(failure -> watchers.remove(response));
        response.putHeader("Content-Type", "text/event-stream; charset=utf-8").setChunked(true);
        watchers.put(response, 0);
        tell();
        if (!running) {
            running = true;
            port.vertx().setPeriodic(PERIOD_MILLIS, this::onTimer);
        }
    }

    private void onTimer(long timer) {
        if (watchers.isEmpty()) {
            running = false;
            port.vertx().cancelTimer(timer);
            return;
        }
        tell();
    }

    private void tell() {
        if (working) {
            return; // the one before is late: two at once would not be faster
        }
        working = true;
        port.work(() -> "data: " + summary.now() + "\n\n").onComplete(made -> {
            working = false;
            if (made.succeeded()) {
                Map.copyOf(watchers).forEach((watcher, missed) -> tell(watcher, missed, made.result()));
            }
        });
    }

    private void tell(HttpServerResponse watcher, int missed, String event) {
        if (!watcher.writeQueueFull()) {
            watchers.put(watcher, 0);
            watcher.write(event);
            return;
        }
        watchers.put(watcher, missed + 1);
        if (missed >= MAX_MISSED) {
            watchers.remove(watcher);
            watcher.reset();
        }
    }
}
