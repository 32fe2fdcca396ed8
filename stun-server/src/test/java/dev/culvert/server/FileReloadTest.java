package dev.culvert.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileReloadTest {
    private final Vertx vertx = Vertx.vertx();

    @TempDir
    Path directory;

    private Server server = new Server(List.of());

    @BeforeEach
    void writeFiles() throws IOException {
        Path certificate = Files.writeString(directory.resolve("certificate.pem"), "1");
        Path key = Files.writeString(directory.resolve("key.pem"), "1");
        server = new Server(List.of(certificate, key));
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aChangedFileIsReadOnce() throws IOException {
        FileReload files = new FileReload(vertx, server);

        files.ifChanged();
        assertThat(server.reloads).isZero();
        touch("key.pem", 1_000);
        files.ifChanged();
        files.ifChanged();

        assertThat(server.reloads).isEqualTo(1);
    }

    @Test
    void aReplacementInTwoStepsIsReadAgainAfterTheSecond() throws IOException {
        FileReload files = new FileReload(vertx, server);
        server.refuses = true;

        touch("certificate.pem", 1_000);
        files.ifChanged();
        server.refuses = false;
        touch("key.pem", 2_000);
        files.ifChanged();

        assertThat(server.reloads).isEqualTo(2);
    }

    @Test
    void aFileThatVanishesAndComesBackIsRead() throws IOException {
        FileReload files = new FileReload(vertx, server);
        Path key = directory.resolve("key.pem");

        Files.delete(key);
        server.refuses = true;
        files.ifChanged();
        server.refuses = false;
        Files.writeString(key, "2");
        files.ifChanged();

        assertThat(server.reloads).isEqualTo(2);
    }

    private void touch(String name, long millis) throws IOException {
        Files.setLastModifiedTime(directory.resolve(name), FileTime.fromMillis(millis));
    }

    private static final class Server implements RunningServer {
        private final List<Path> files;
        int reloads;
        boolean refuses;

        Server(List<Path> files) {
            this.files = files;
        }

        @Override
        public List<Path> reloadableFiles() {
            return files;
        }

        @Override
        public void reload() {
            reloads++;
            if (refuses) {
                throw new IllegalArgumentException("not a certificate");
            }
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public List<String> listening() {
            return List.of();
        }

        @Override
        public Map<Series, Long> counters() {
            return Map.of();
        }

        @Override
        public Future<Void> drain() {
            return Future.succeededFuture();
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }
}
