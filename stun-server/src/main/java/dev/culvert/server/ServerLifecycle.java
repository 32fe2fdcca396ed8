package dev.culvert.server;

import dev.culvert.server.admin.AdminServer;
import dev.culvert.server.admin.Administered;
import dev.culvert.server.admin.HttpPort;
import dev.culvert.server.admin.Metrics;
import dev.culvert.server.admin.ReloadReport;
import dev.culvert.server.admin.ServerControl;
import dev.culvert.server.admin.ServerState;
import dev.culvert.server.config.ServerConfig;
import dev.culvert.server.config.ServerConfig.Log.Level;
import dev.culvert.server.core.Histogram;
import dev.culvert.server.io.ClientTrace;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a server, tells who waits for it, and ends it when the system says so. */
public final class ServerLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(ServerLifecycle.class);

    /** Exit code where something that was asked for cannot be had, such as a port. */
    private static final int FAILED = 1;

    /** Exit code after a second signal: 128 + SIGTERM, as if nobody had handled it. */
    private static final int KILLED = 143;

    /** How long the pieces may take to close when nothing waits for clients any more. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private static final int WORKER_THREADS = 4;

    private final ServerConfig config;
    private final ServiceNotifier notifier = new ServiceNotifier(System.getenv());
    private final Metrics metrics = new Metrics();
    private final Vertx vertx;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicBoolean stopping = new AtomicBoolean();

    private ServerLifecycle(ServerConfig config) {
        this.config = config;
        this.vertx = vertx();
    }

    /**
     * Runs what {@code starter} starts until SIGTERM or SIGINT.
     *
     * @return the exit code: 0 after a drain, 1 if the start failed
     */
    public static int run(ServerConfig config, Function<Vertx, ? extends Future<? extends RunningServer>> starter) {
        Logging.configure(config.log());
        TlsProperties.restrict();
        return new ServerLifecycle(config).run(starter);
    }

    private Vertx vertx() {
        VertxOptions options = new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(config.threads())
                .setWorkerPoolSize(WORKER_THREADS)
                .setInternalBlockingPoolSize(WORKER_THREADS)
                .setFileSystemOptions(new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false));
        VertxBuilder builder = Vertx.builder().with(options);
        return config.admin().address().isPresent()
                ? metrics.observe(builder, options).build()
                : builder.build();
    }

    private int run(Function<Vertx, ? extends Future<? extends RunningServer>> starter) {
        try {
            handleSignals();
            RunningServer server = await(starter.apply(vertx), Duration.ofMinutes(1));
            serve(server);
            return 0;
        } catch (StartFailedException e) {
            LOG.error("{}", e.getMessage());
            LOG.debug("start failed", e);
            return e.isConfigurationsFault() ? ServerCommand.USAGE : FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        } finally {
            close();
        }
    }

    private void handleSignals() {
        Runnable onStop = () -> {
            if (!stopping.compareAndSet(false, true)) {
                Runtime.getRuntime().halt(KILLED);
            }
            stop.countDown();
        };
        Signals.on("TERM", onStop);
        Signals.on("INT", onStop);
        Signals.on("HUP", () -> LOG.info("nothing to reload yet")); // unhandled, it would end the start
    }

    private void serve(RunningServer server) throws InterruptedException, StartFailedException {
        Observed observed = new Observed(server, stopping);
        try {
            FileReload files = new FileReload(vertx, server);
            Optional<HttpPort> admin = startAdmin(server, observed, new Control(files));
            server.listening().forEach(listener -> Logging.announce("listening " + listener));
            admin.ifPresent(http -> Logging.announce("admin " + http.url()));
            server.announcements().forEach(Logging::announce);
            reload(files);
            Logging.announce("ready");
            notifier.ready();
            admin.ifPresent(http -> metrics.show(observed));
            stop.await();
            drain(server);
            admin.ifPresent(HttpPort::close);
        } finally {
            awaitQuietly(server.close(), CLOSE_TIMEOUT);
        }
    }

    private static void reload(FileReload files) {
        Signals.on("HUP", files::now);
        files.watch();
    }

    private Optional<HttpPort> startAdmin(RunningServer server, ServerState state, ServerControl control)
            throws InterruptedException, StartFailedException {
        if (config.admin().address().isEmpty()) {
            return Optional.empty();
        }
        TransportAddress address = config.admin().address().get();
        try {
            Administered administered = new Administered(config, state, control, server.adminRoutes(), metrics);
            return Optional.of(await(AdminServer.start(address, administered), CLOSE_TIMEOUT));
        } catch (IOException e) {
            throw new StartFailedException("--admin-token-file: " + e.getMessage(), e);
        } catch (StartFailedException e) {
            String wrong = "cannot listen on http " + address + " (--admin): " + e.getMessage();
            if (config.admin().given()) {
                throw new StartFailedException(wrong, e);
            }
            LOG.warn("{}; there will be no metrics and health over HTTP", wrong);
            return Optional.empty();
        }
    }

    private void drain(RunningServer server) throws InterruptedException {
        notifier.stopping();
        LOG.info(
                "stopping; waiting at most {} s for open connections",
                config.drainTimeout().toSeconds());
        if (!awaitQuietly(server.drain(), config.drainTimeout())) {
            LOG.info("the drain timeout is over: closing what is left");
        }
    }

    private void close() {
        try {
            awaitQuietly(vertx.close(), CLOSE_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        metrics.close();
    }

    private static <T> T await(Future<T> future, Duration timeout) throws InterruptedException, StartFailedException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new StartFailedException(Objects.requireNonNullElse(cause.getMessage(), cause.toString()), e);
        } catch (TimeoutException e) {
            throw new StartFailedException("the start took more than " + timeout.toSeconds() + " s", e);
        }
    }

    /** Whether the future completed in time; a failure on the way out is only logged. */
    private static boolean awaitQuietly(Future<Void> future, Duration timeout) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        future.onFailure(failure -> LOG.warn("while stopping: {}", failure.getMessage()))
                .onComplete(result -> done.countDown());
        return done.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** What an operator may ask over HTTP. */
    private final class Control implements ServerControl {
        private final FileReload files;
        private volatile Level level = config.log().level();

        Control(FileReload files) {
            this.files = files;
        }

        @Override
        public ReloadReport reload() {
            files.now();
            return new ReloadReport(List.of(), List.of());
        }

        @Override
        public void drain() {
            stopping.set(true);
            stop.countDown();
        }

        @Override
        public Level logLevel() {
            return level;
        }

        @Override
        public void logLevel(Level wanted) {
            level = wanted;
        }
    }

    /** The start cannot go on; the message is for the operator. */
    private static final class StartFailedException extends Exception {
        private static final long serialVersionUID = 1L;

        StartFailedException(String message, Throwable cause) {
            super(message, cause);
        }

        /** Whether what was asked for can never be had, here or elsewhere. */
        boolean isConfigurationsFault() {
            return getCause() instanceof ExecutionException e && e.getCause() instanceof IllegalArgumentException;
        }
    }

    /** The server as the admin pages show it: not ready from the first signal on. */
    private record Observed(RunningServer server, AtomicBoolean stopping) implements ServerState {
        @Override
        public boolean isReady() {
            return !stopping.get() && server.isReady();
        }

        @Override
        public List<String> listening() {
            return server.listening();
        }

        @Override
        public Map<Series, Long> counters() {
            return server.counters();
        }

        @Override
        public Map<Series, Long> levels() {
            return server.levels();
        }

        @Override
        public Optional<ClientTrace> trace() {
            return server.trace();
        }

        @Override
        public Map<Series, Histogram> histograms() {
            return server.histograms();
        }
    }
}
