package dev.culvert.server;

import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;

/** How Vert.x is made for a server that has it for itself. */
public final class ServerVertx {
    private static final int WORKER_THREADS = 4;

    private ServerVertx() {}

    /**
     * The options of one with so many event loops.
     *
     * @param threads event loops
     */
    public static VertxOptions options(int threads) {
        return new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(threads)
                .setWorkerPoolSize(WORKER_THREADS)
                .setInternalBlockingPoolSize(WORKER_THREADS)
                .setFileSystemOptions(new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false));
    }
}
