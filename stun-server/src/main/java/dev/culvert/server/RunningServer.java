package dev.culvert.server;

import dev.culvert.server.admin.ServerState;
import io.vertx.core.Future;

/** A server between its start and its end. */
public interface RunningServer extends ServerState {
    /** Serves no new clients; completes when the present ones have gone. */
    Future<Void> drain();

    /** Ends all. */
    Future<Void> close();
}
