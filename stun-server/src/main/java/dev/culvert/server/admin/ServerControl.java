package dev.culvert.server.admin;

import dev.culvert.server.config.ServerConfig.Log.Level;

/** What an operator may ask of a running server. Used by any thread. */
public interface ServerControl {
    /**
     * Reads the configuration and the files that it names again: all of it or, where anything is wrong, nothing. Blocks, so
     * never on an event loop.
     */
    ReloadReport reload();

    /** Serves no new clients; the program ends when the present ones have gone, or at the drain timeout. */
    void drain();

    /** From which level on is logged. */
    Level logLevel();

    /** Logs from {@code level} on, until the next change. */
    void logLevel(Level level);
}
