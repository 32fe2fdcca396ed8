package dev.culvert.ice.vertx;

import dev.culvert.ice.resolution.HappyEyeballs;
import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.ice.turn.Redirections;
import dev.culvert.ice.turn.TurnError;
import dev.culvert.ice.turn.TurnFailure;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens one {@link TurnConnection} where several servers may serve; closes what it does not keep. Owned by one event loop. */
final class TurnOpening implements HappyEyeballs.Output {
    /** RFC 8656 §7.4: after a 437 another local port is tried, three times at most. */
    private static final int MAX_NEW_FLOWS = 3;

    private final Vertx vertx;
    private final Context context;
    private final LongTermCredential credential;
    private final TurnOptions options;
    private final List<Attempt> attempts = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final Promise<TurnConnection> opened = Promise.promise();
    private final HappyEyeballs race;
    private final Deadline deadline;

    private TurnOpening(
            Vertx vertx,
            Context context,
            List<TurnServerAddress> servers,
            LongTermCredential credential,
            TurnOptions options) {
        this.vertx = vertx;
        this.context = context;
        this.credential = credential;
        this.options = options;
        servers.forEach(server -> attempts.add(new Attempt(attempts.size(), server)));
        race = new HappyEyeballs(attempts.size(), HappyEyeballs.ATTEMPT_DELAY, this);
        deadline = new Deadline(vertx, this::onTimeout);
    }

    static Future<TurnConnection> start(
            Vertx vertx, List<TurnServerAddress> servers, LongTermCredential credential, TurnOptions options) {
        List<TurnServerAddress> usable = ofLocalFamily(servers, options);
        if (usable.isEmpty()) {
            return Future.failedFuture(new NetworkException.Unreachable(
                    "the server has no address of the family of the local address; choose another one", null));
        }
        Context context = vertx.getOrCreateContext();
        TurnOpening opening = new TurnOpening(vertx, context, usable, credential, options);
        context.runOnContext(onLoop -> {
            opening.race.start(System.nanoTime());
            opening.followDeadline();
        });
        return opening.opened.future();
    }

    private static List<TurnServerAddress> ofLocalFamily(List<TurnServerAddress> servers, TurnOptions options) {
        return servers.stream()
                .filter(server -> options.local()
                        .localAddress()
                        .map(local -> local.family() == server.address().ip().family())
                        .orElse(true))
                .toList();
    }

    @Override
    public void begin(int attempt) {
        attempts.get(attempt).begin();
    }

    @Override
    public void cancel(int attempt) {
        attempts.get(attempt).cancel();
    }

    @Override
    public void onAllFailed() {
        deadline.cancel();
        opened.tryFail(mostTelling());
    }

    private void onTimeout() {
        race.onTimeout(System.nanoTime());
        followDeadline();
    }

    private void followDeadline() {
        deadline.follow(race.nextDeadlineNanos());
    }

    private void onOpened(Attempt winner, TurnConnection connection) {
        race.stop(winner.index);
        deadline.cancel();
        if (!opened.tryComplete(connection)) {
            connection.close();
        }
    }

    private void onFailed(Attempt attempt, Throwable cause) {
        failures.add(cause);
        if (isFinal(cause)) {
            race.stop(attempt.index);
            deadline.cancel();
            opened.tryFail(cause);
            return;
        }
        race.onFailed(attempt.index, System.nanoTime());
        followDeadline();
    }

    /** Whether other servers, which know the same users and are asked the same, would say the same. */
    private static boolean isFinal(Throwable cause) {
        Optional<TurnError> refusal =
                cause instanceof TurnException told ? told.failure().refusal() : Optional.empty();
        return refusal.filter(error -> switch (error.remedy()) {
                    case WAIT_A_MINUTE, NEW_FLOW -> false;
                    case NONE, OTHER_OPTIONS -> true;
                })
                .isPresent();
    }

    /** What a server said tells more than what the network did, and that more than that there was no way at all. */
    private Throwable mostTelling() {
        return failures.stream().min(Comparator.comparingInt(TurnOpening::rank)).orElseThrow();
    }

    private static int rank(Throwable cause) {
        if (cause instanceof TurnException) {
            return 0;
        }
        if (cause instanceof NetworkException.TlsFailed || cause instanceof NetworkException.Disconnected) {
            return 1;
        }
        if (cause instanceof NetworkException.TimedOut) {
            return 2;
        }
        return cause instanceof NetworkException.Unreachable ? 4 : 3;
    }

    /** One way to a server, with where that server sends us, and with new flows where it wants them. */
    private final class Attempt {
        private final int index;
        private final Redirections redirections;
        private TurnServerAddress server;
        private @Nullable TurnConnection connection;
        private int newFlows;
        private boolean isCancelled;

        Attempt(int index, TurnServerAddress server) {
            this.index = index;
            this.server = server;
            this.redirections =
                    new Redirections(server.address(), server.trust().serverName());
        }

        void begin() {
            TurnConnection beginning =
                    TurnConnection.begin(vertx, context, server, credential, options, () -> race.onAnswered(index));
            connection = beginning;
            beginning.opened().onComplete(this::onOpened, this::onFailed);
        }

        private void onOpened(TurnConnection ready) {
            if (isCancelled) {
                ready.close();
                return;
            }
            TurnOpening.this.onOpened(this, ready);
        }

        private void onFailed(Throwable cause) {
            if (isCancelled) {
                return;
            }
            if (cause instanceof TurnException told && goesOn(told.failure())) {
                begin();
                return;
            }
            TurnOpening.this.onFailed(this, cause);
        }

        private boolean goesOn(TurnFailure failure) {
            if (failure instanceof TurnFailure.TryAlternate alternate) {
                Optional<Redirections.Hop> hop = redirections.follow(alternate);
                hop.ifPresent(next -> server = server.after(next));
                return hop.isPresent();
            }
            // RFC 8656 §7.4: 437 is met from another local port, unless the caller wants this one.
            return failure.isMismatch() && options.local().sourcePort() == 0 && newFlows++ < MAX_NEW_FLOWS;
        }

        void cancel() {
            isCancelled = true;
            if (connection != null) {
                connection.close();
            }
        }
    }
}
