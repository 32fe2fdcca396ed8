package dev.culvert.server;

import dev.culvert.server.admin.AdminRoutes;
import dev.culvert.server.admin.ServerState;
import io.vertx.core.Future;
import java.util.List;

/**
 * A server between its start and its end.
 *
 * @param <C> what it is told
 */
public interface RunningServer<C> extends ServerState {
    /** Serves no new clients; completes when the present ones have gone. */
    Future<Void> drain();

    /** What {@link #drain} would wait for now, in words: {@code 3 allocations}. */
    String occupancy();

    /**
     * Goes on with {@code config}, all of it or nothing; what runs is not disturbed. Blocks.
     *
     * @param config differs from the one before in live settings only
     *     ({@link dev.culvert.server.config.Setting#isLive})
     * @throws IllegalArgumentException naming what is no good; then everything stays as it is
     */
    void reload(C config);

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

    /** {@code 1 allocation}, {@code 2 allocations}. */
    static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
