package dev.culvert.server;

import dev.culvert.server.admin.AdminRoutes;
import dev.culvert.server.admin.ServerState;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.List;

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

    /** What it shows and takes on the admin server beside what all servers do. */
    default AdminRoutes adminRoutes() {
        return AdminRoutes.STUN_ONLY;
    }

    /** Lines for those who wait for the start, beside those of the listeners. */
    default List<String> announcements() {
        return List.of();
    }

    /** Ends all. */
    Future<Void> close();
}
