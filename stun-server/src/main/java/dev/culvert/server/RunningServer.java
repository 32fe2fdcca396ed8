package dev.culvert.server;

import dev.culvert.server.admin.ServerState;
import dev.culvert.server.io.ClientTrace;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A server between its start and its end. */
public interface RunningServer extends ServerState {
    /** Serves no new clients; completes when the present ones have gone. */
    Future<Void> drain();

    /** The files that {@link #reload} reads, each of which may change while the server runs. */
    List<Path> reloadableFiles();

    /**
     * Reads those files again, all or none of them. Blocks.
     *
     * @throws IllegalArgumentException naming what is no good; then everything stays as it is
     */
    void reload();

    /** Writes the messages of chosen clients to the log; empty where a server cannot. */
    default Optional<ClientTrace> trace() {
        return Optional.empty();
    }

    /** Ends all. */
    Future<Void> close();
}
