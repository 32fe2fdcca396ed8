package dev.culvert.server;

import dev.culvert.server.admin.AdminServer;
import dev.culvert.server.admin.Administered;
import dev.culvert.server.admin.HttpPort;
import dev.culvert.server.admin.Metrics;
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
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a server, tells who waits for it, and ends it when the system says so.
 *
 * @param <C> what it is told
 */
public final class ServerLifecycle<C> {
    private static final Logger LOG = LoggerFactory.getLogger(ServerLifecycle.class);

    /** Exit code where something that was asked for cannot be had, such as a port. */
    private static final int FAILED = 1;

    /** Exit code after a second signal: 128 + SIGTERM, as if nobody had handled it. */
    private static final int KILLED = 143;

    /** How long the pieces may take to close when nothing waits for clients any more. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    /** When a drain first says what it waits for, and how often at the least; each pause is twice the one before. */
    private static final Duration FIRST_REPORT = Duration.ofSeconds(5);

    private static final Duration LATER_REPORTS = Duration.ofMinutes(1);

    private final Configuration<C> configuration;
    private final Function<C, ServerConfig> common;
    private final ServiceNotifier notifier = new ServiceNotifier(System.getenv());
    private final Metrics metrics = new Metrics();
    private final Vertx vertx;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicBoolean signalled = new AtomicBoolean();
    private volatile ServerConfig config;

    private ServerLifecycle(Configuration<C> configuration, Function<C, ServerConfig> common) {
        this.configuration = configuration;
        this.common = common;
        this.config = common.apply(configuration.config());
        this.vertx = vertx();
    }

    /**
     * Runs what {@code starter} starts until SIGTERM or SIGINT, or until an operator asks for a drain. The configuration is
     * read again when one of its files changes, at SIGHUP, and when an operator asks for it.
     *
     * @param common what every server is told, as a part of what this one is told
     * @return the exit code: 0 after a drain, 1 if the start failed
     */
    public static <C> int run(
            Configuration<C> configuration,
            Function<C, ServerConfig> common,
            BiFunction<Vertx, C, ? extends Future<? extends RunningServer<C>>> starter) {
        Logging.configure(common.apply(configuration.config()).log());
        TlsProperties.restrict();
        return new ServerLifecycle<>(configuration, common).run(starter);
    }

    private Vertx vertx() {
        VertxOptions options = ServerVertx.options(config.threads());
        VertxBuilder builder = Vertx.builder().with(options);
        return config.admin().address().isPresent()
                ? metrics.observe(builder, options).build()
                : builder.build();
    }

    private int run(BiFunction<Vertx, C, ? extends Future<? extends RunningServer<C>>> starter) {
        try {
            handleSignals();
            RunningServer<C> server = await(starter.apply(vertx, configuration.config()), Duration.ofMinutes(1));
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
            if (!signalled.compareAndSet(false, true)) {
                Runtime.getRuntime().halt(KILLED);
            }
            stop.countDown(); // again where an operator asked for it before
        };
        Signals.on("TERM", onStop);
        Signals.on("INT", onStop);
        Signals.on("HUP", () -> LOG.info("nothing to reload yet")); // unhandled, it would end the start
    }

    private void serve(RunningServer<C> server) throws InterruptedException, StartFailedException {
        Reload<C> reload = new Reload<>(configuration, next -> apply(next, server), notifier);
        ServerControl control = new OperatorControl(reload, stop::countDown);
        Observed observed = new Observed(server, reload, stop);
        try {
            Optional<HttpPort> admin = startAdmin(server, observed, control);
            server.listening().forEach(listener -> Logging.announce("listening " + listener));
            admin.ifPresent(http -> Logging.announce("admin " + http.url()));
            server.announcements().forEach(Logging::announce);
            Signals.on("HUP", control::reload);
            reload.watch(vertx);
            Logging.announce("ready");
            notifier.ready();
            Watchdog.start(vertx, config.threads(), notifier);
            admin.ifPresent(http -> metrics.show(observed));
            stop.await();
            drain(server);
            admin.ifPresent(HttpPort::close);
        } finally {
            awaitQuietly(server.close(), CLOSE_TIMEOUT);
        }
    }

    private void apply(C next, RunningServer<C> server) {
        server.reload(next);
        Level before = config.log().level();
        config = common.apply(next);
        // What an operator chose at run time stays unless the configuration says something new.
        if (config.log().level() != before) {
            Logging.level(config.log().level());
        }
    }

    private Optional<HttpPort> startAdmin(RunningServer<C> server, ServerState state, ServerControl control)
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

    private void drain(RunningServer<C> server) throws InterruptedException {
        Duration timeout = config.drainTimeout();
        notifier.stopping(timeout.plus(CLOSE_TIMEOUT.multipliedBy(2)));
        LOG.info("stopping; waiting at most {} s for {}", timeout.toSeconds(), server.occupancy());
        CountDownLatch drained = whenDone(server.drain());
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        long pauseNanos = FIRST_REPORT.toNanos();
        long leftNanos = timeout.toNanos();
        while (!drained.await(Math.min(pauseNanos, leftNanos), TimeUnit.NANOSECONDS)) {
            leftNanos = deadlineNanos - System.nanoTime();
            if (leftNanos <= 0) {
                LOG.info("the drain timeout is over: ending {}", server.occupancy());
                return;
            }
            LOG.info(
                    "still {}; waiting at most {} s more",
                    server.occupancy(),
                    TimeUnit.NANOSECONDS.toSeconds(leftNanos));
            pauseNanos = Math.min(2 * pauseNanos, LATER_REPORTS.toNanos());
        }
        LOG.info("drained");
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
        return whenDone(future).await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static CountDownLatch whenDone(Future<Void> future) {
        CountDownLatch done = new CountDownLatch(1);
        future.onFailure(failure -> LOG.warn("while stopping: {}", failure.getMessage()))
                .onComplete(result -> done.countDown());
        return done;
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

    /** The server as the admin pages show it: not ready from the first wish for its end on. */
    private record Observed(RunningServer<?> server, Reload<?> reload, CountDownLatch stop) implements ServerState {
        @Override
        public boolean isReady() {
            return stop.getCount() > 0 && server.isReady();
        }

        @Override
        public List<String> listening() {
            return server.listening();
        }

        @Override
        public Map<Series, Long> counters() {
            return both(server.counters(), reload.counters());
        }

        @Override
        public Map<Series, Long> levels() {
            return both(server.levels(), reload.levels());
        }

        private static Map<Series, Long> both(Map<Series, Long> some, Map<Series, Long> more) {
            Map<Series, Long> all = new LinkedHashMap<>(some);
            all.putAll(more);
            return all;
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
