package dev.culvert.server;

import dev.culvert.server.admin.ReloadReport;
import dev.culvert.server.admin.ReloadReport.Change;
import dev.culvert.server.admin.ReloadReport.Effect;
import dev.culvert.server.admin.ServerState.Series;
import dev.culvert.server.config.Problem;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the configuration of a running server again, when one of its files changed and when somebody asks, and puts it in
 * force: all that may change while the server runs, or where anything is wrong, nothing. Used by any thread.
 */
final class Reload<C> {
    private static final Logger LOG = LoggerFactory.getLogger(Reload.class);
    private static final long PERIOD_MILLIS = 10_000;
    private static final long MILLIS_PER_SECOND = 1000;

    private final Configuration<C> configuration;
    private final Consumer<C> server;
    private final ServiceNotifier notifier;

    /** Guarded by {@code this}, as is the next. */
    private Reading<C> inForce;

    /** The files in force, and those that were read last. */
    private FileStates seen;

    private volatile Numbers numbers = new Numbers(0, 0, true, now());

    /** For the metrics; the start counts as the first success. */
    private record Numbers(long successes, long failures, boolean isLastGood, long lastSuccessSeconds) {
        Numbers succeeded() {
            return new Numbers(successes + 1, failures, true, now());
        }

        Numbers failed() {
            return new Numbers(successes, failures + 1, false, lastSuccessSeconds);
        }
    }

    /**
     * @param server puts a configuration in force in which nothing else has changed than what may; throws
     *     {@link IllegalArgumentException} naming what is no good, with everything as it was
     * @param notifier is told before and after
     */
    Reload(Configuration<C> configuration, Consumer<C> server, ServiceNotifier notifier) {
        this.configuration = configuration;
        this.server = server;
        this.notifier = notifier;
        this.inForce = configuration.first();
        this.seen = inForce.files();
    }

    private static long now() {
        return System.currentTimeMillis() / MILLIS_PER_SECOND;
    }

    /** Looks every few seconds whether a file changed, on a worker thread. */
    void watch(Vertx vertx) {
        vertx.setPeriodic(
                PERIOD_MILLIS,
                timer -> vertx.executeBlocking(() -> {
                    ifChanged();
                    return null;
                }));
    }

    /** Reads again if a file changed since it was read. */
    synchronized void ifChanged() {
        if (seen.haveChanged()) {
            run();
        }
    }

    /** Reads again, and tells in the log what came of it. */
    synchronized ReloadReport run() {
        notifier.reloading();
        ReloadReport report = attempt();
        notifier.ready();
        numbers = report.problems().isEmpty() ? numbers.succeeded() : numbers.failed();
        report.problems().forEach(problem -> LOG.error("what was read before stays in force: {}", problem));
        if (report.problems().isEmpty()) {
            tell(report.changes());
        }
        return report;
    }

    private ReloadReport attempt() {
        try {
            Reading<C> read = configuration.read();
            seen = read.files().with(inForce.files());
            return read.problems().isEmpty() ? apply(read) : refused(read.problems());
        } catch (IllegalArgumentException e) {
            return refused(List.of(problem(String.valueOf(e.getMessage()))));
        } catch (RuntimeException e) {
            LOG.error("unexpected failure", e);
            return refused(List.of(problem(e.toString())));
        }
    }

    private ReloadReport apply(Reading<C> read) {
        List<Change> changes = read.changesFrom(inForce);
        boolean isWholeInForce = changes.stream().allMatch(change -> change.effect() == Effect.APPLIED);
        Reading<C> next = isWholeInForce ? read : configuration.liveOver(read, inForce);
        if (!next.problems().isEmpty()) {
            return refused(next.problems().stream().map(Reload::untilRestart).toList());
        }
        server.accept(next.config());
        inForce = next;
        seen = next.files();
        return new ReloadReport(changes, List.of());
    }

    private static ReloadReport refused(List<Problem> problems) {
        return new ReloadReport(List.of(), problems);
    }

    private static Problem problem(String wrong) {
        return new Problem("configuration", "", wrong, "");
    }

    /** What is wrong with a part of the new configuration beside what stays as it was. */
    private static Problem untilRestart(Problem problem) {
        return new Problem(problem.where(), problem.value(), problem.wrong(), "restart to change both together");
    }

    private static void tell(List<Change> changes) {
        String applied = keys(changes, Effect.APPLIED);
        LOG.info("configuration was read again: {}", applied.isEmpty() ? "nothing to apply" : "applied " + applied);
        String waiting = keys(changes, Effect.NEEDS_RESTART);
        if (!waiting.isEmpty()) {
            LOG.warn("a change needs a restart, the value of before stays in force: {}", waiting);
        }
    }

    private static String keys(List<Change> changes, Effect effect) {
        return changes.stream()
                .filter(change -> change.effect() == effect)
                .map(Change::key)
                .collect(Collectors.joining(", "));
    }

    Map<Series, Long> counters() {
        Numbers now = numbers;
        return Map.of(
                series("config_reloads", "times that the configuration was read again and put in force"),
                now.successes,
                series("config_reload_failures", "times that it was read again and refused"),
                now.failures);
    }

    Map<Series, Long> levels() {
        Numbers now = numbers;
        return Map.of(
                series("config_last_reload_successful", "1 while the configuration is as it was read last"),
                now.isLastGood ? 1L : 0L,
                series("config_last_reload_success_timestamp_seconds", "when it was last put in force, since 1970"),
                now.lastSuccessSeconds);
    }

    private static Series series(String name, String meaning) {
        return new Series(name, meaning, Series.ALL_TRANSPORTS);
    }
}
