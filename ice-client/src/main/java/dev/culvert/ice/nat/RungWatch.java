package dev.culvert.ice.nat;

import dev.culvert.ice.SocketId;
import dev.culvert.ice.nat.LifetimeReport.Method;
import dev.culvert.ice.nat.LifetimeRung.Outcome;
import dev.culvert.ice.nat.ResponsePortCheck.Result;
import dev.culvert.stun.TransportAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** One mapping of a lifetime measurement: made, used, left idle, checked. Owned by one thread. */
final class RungWatch {
    /** Five exchanges, five seconds from the first to the last. */
    static final int STREAM_EXCHANGES = 5;

    static final Duration STREAM_PAUSE = Duration.ofMillis(1250);

    /** A check that comes later than this says nothing about its rung where it finds the mapping gone. */
    private static final Duration MAX_LATENESS = Duration.ofMillis(500);

    private static final int MAX_ROUNDS = 3;
    private static final double ENOUGH_CONFIDENCE = 0.995;

    private final Ladder ladder;
    private final Duration idle;
    private final IdleSockets sockets;
    private final LifetimeControl control;
    private final Consumer<RungWatch> whenEnded;
    private SocketId socket = new SocketId(-1);
    private Optional<TransportAddress> mapped = Optional.empty();
    private Optional<Outcome> outcome = Optional.empty();
    private boolean unchanged;
    private String why = "";
    private int exchanges;
    private int rounds;
    private int silentSends;
    private boolean replaced;
    private boolean late;

    RungWatch(
            Ladder ladder, Duration idle, IdleSockets sockets, LifetimeControl control, Consumer<RungWatch> whenEnded) {
        this.ladder = ladder;
        this.idle = idle;
        this.sockets = sockets;
        this.control = control;
        this.whenEnded = whenEnded;
    }

    void open() {
        if (hasEnded()) {
            return;
        }
        socket = sockets.open();
        exchange();
    }

    private void exchange() {
        if (!hasEnded()) {
            sockets.plain("X", socket, this::onExchange);
        }
    }

    private void onExchange(BindingExchange ended) {
        Optional<TransportAddress> seen = ended.mapped();
        if (seen.isEmpty()) {
            end(Outcome.UNSURE, "the server did not answer while the mapping was in use");
            return;
        }
        if (mapped.isPresent() && !mapped.equals(seen)) {
            end(Outcome.UNSURE, "the mapping changed while it was in use");
            return;
        }
        mapped = seen;
        exchanges++;
        if (ladder == Ladder.STREAM && exchanges < STREAM_EXCHANGES) {
            sockets.after(STREAM_PAUSE, this::exchange);
            return;
        }
        awaitIdle();
    }

    private void awaitIdle() {
        sockets.at(dueNanos(), this::checkIfIdle);
    }

    private long dueNanos() {
        return sockets.lastUsedNanos(socket) + idle.toNanos();
    }

    private void checkIfIdle() {
        if (hasEnded()) {
            return;
        }
        // A late copy of an answer has passed the NAT and made its clock start anew.
        if (dueNanos() - sockets.nowNanos() > 0) {
            awaitIdle();
            return;
        }
        late = sockets.nowNanos() - dueNanos() > MAX_LATENESS.toNanos();
        if (control.method() == Method.RESPONSE_PORT) {
            checkByResponsePort();
        } else {
            rounds++;
            sockets.plain("X", socket, this::onUsedAgain);
        }
    }

    private void checkByResponsePort() {
        TransportAddress external = mapped.orElseThrow();
        if (!control.reaches(external)) {
            end(Outcome.UNSURE, "seen at another IP address than the socket that asks: the server cannot answer to it");
            return;
        }
        rounds++;
        Round round = new Round();
        control.check(socket, external, checked -> round.onOwn(checked));
        control.check(checked -> round.onControl(checked));
    }

    /** One burst to this mapping and, at the same time, one to the mapping that is kept alive. */
    private final class Round {
        private Result own = Result.WAITING;
        private Result ofControl = Result.WAITING;
        private int sent;

        void onOwn(ResponsePortCheck checked) {
            own = checked.result();
            sent = checked.sent();
            switch (own) {
                case ARRIVED -> end(Outcome.ALIVE, "");
                case ELSEWHERE -> endAsReplaced("another socket has its port");
                case IGNORED, REFUSED ->
                    end(Outcome.UNSURE, "the server did not answer to the port that was asked for");
                case SILENT, WAITING -> conclude();
            }
        }

        void onControl(ResponsePortCheck checked) {
            ofControl = checked.result();
            conclude();
        }

        private void conclude() {
            if (own == Result.SILENT && ofControl != Result.WAITING) {
                onSilence(ofControl == Result.ARRIVED ? sent : 0);
            }
        }
    }

    private void onSilence(int sendsWithControl) {
        silentSends += sendsWithControl;
        boolean isDoubtful = sockets.prober().confidenceAfter(silentSends) < ENOUGH_CONFIDENCE;
        if (isDoubtful && rounds < MAX_ROUNDS) {
            checkByResponsePort();
        } else if (silentSends > 0) {
            end(Outcome.EXPIRED, "");
        } else {
            end(Outcome.UNSURE, "no answer came to a mapping in use either");
        }
    }

    private void endAsReplaced(String because) {
        replaced = true;
        end(Outcome.EXPIRED, because);
    }

    private void onUsedAgain(BindingExchange ended) {
        Optional<TransportAddress> seen = ended.mapped();
        if (seen.isEmpty()) {
            end(Outcome.UNSURE, "the server did not answer");
        } else if (seen.equals(mapped)) {
            unchanged = true;
            end(Outcome.UNSURE, "the same external port: the mapping lived, or the NAT gave it that port again");
        } else {
            endAsReplaced("now at " + seen.get());
        }
    }

    /** Shorter rungs have told enough. */
    void skip() {
        if (!hasEnded()) {
            outcome = Optional.of(Outcome.SKIPPED);
        }
    }

    private void end(Outcome ended, String because) {
        if (!hasEnded()) {
            boolean tooLate = late && ended == Outcome.EXPIRED;
            outcome = Optional.of(tooLate ? Outcome.UNSURE : ended);
            why = tooLate ? "gone, but checked too late: this machine was busy or asleep" : because;
            whenEnded.accept(this);
        }
    }

    boolean hasEnded() {
        return outcome.isPresent();
    }

    boolean hasExpired() {
        return outcome.equals(Optional.of(Outcome.EXPIRED));
    }

    Ladder ladder() {
        return ladder;
    }

    Duration idle() {
        return idle;
    }

    /**
     * What is known of it.
     *
     * @param portsChange whether a longer rung of the ladder got another port, so that the same one means a live mapping
     */
    LifetimeRung toRung(boolean portsChange) {
        if (unchanged && portsChange) {
            return new LifetimeRung(
                    ladder,
                    idle,
                    Outcome.ALIVE,
                    mapped,
                    rounds,
                    1,
                    "the same external port, while longer idle ones changed");
        }
        Outcome known = outcome.orElse(Outcome.UNSURE);
        double sure = switch (known) {
            case ALIVE -> 1;
            case EXPIRED -> replaced ? 1 : sockets.prober().confidenceAfter(silentSends);
            case UNSURE, SKIPPED -> 0;
        };
        return new LifetimeRung(ladder, idle, known, mapped, rounds, sure, why);
    }
}
