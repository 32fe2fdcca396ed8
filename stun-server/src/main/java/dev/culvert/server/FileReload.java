package dev.culvert.server;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a server read its files again: when one changed, and when somebody asks.
 *
 * <p>Modification times are compared rather than events awaited, because a certificate is often renewed by turning a
 * link to another folder.
 */
final class FileReload {
    private static final Logger LOG = LoggerFactory.getLogger(FileReload.class);
    private static final long PERIOD_MILLIS = 10_000;

    private final Vertx vertx;
    private final RunningServer server;

    /** Guarded by {@code this}. */
    private List<FileTime> seen;

    FileReload(Vertx vertx, RunningServer server) {
        this.vertx = vertx;
        this.server = server;
        this.seen = modified();
    }

    /** Looks every few seconds whether a file changed, on a worker thread. */
    void watch() {
        if (server.reloadableFiles().isEmpty()) {
            return;
        }
        vertx.setPeriodic(
                PERIOD_MILLIS,
                timer -> vertx.executeBlocking(() -> {
                    ifChanged();
                    return null;
                }));
    }

    /** Reads the files if one changed since they were read. */
    synchronized void ifChanged() {
        if (!modified().equals(seen)) {
            now();
        }
    }

    /** Reads the files now; those of before stay in use where one is no good. */
    synchronized void now() {
        if (server.reloadableFiles().isEmpty()) {
            LOG.info("there is nothing to reload: no setting names a file that is read again");
            return;
        }
        seen = modified();
        try {
            server.reload();
            LOG.info("files were read again");
        } catch (IllegalArgumentException e) {
            LOG.error("what was read before stays in force: {}", e.getMessage());
        }
    }

    private List<FileTime> modified() {
        return server.reloadableFiles().stream().map(FileReload::modified).toList();
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.from(Instant.EPOCH); // between removal and replacement; the next look sees the new one
        }
    }
}
