package dev.culvert.ice.nat;

import dev.culvert.ice.SocketId;
import dev.culvert.ice.nat.LifetimeReport.Method;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Finds out how long idle mappings live (RFC 5780 §4.6, RFC 4787 §4.3).
 *
 * <p>Each idle time has two sockets of its own, one used once and one used for five seconds; all are opened together.
 * A second socket then asks the server to answer at each of them (RESPONSE-PORT). A mapping that is never idle is asked
 * for at the same time: only where its answer comes does silence mean that the idle one is gone. Where the server does
 * not know RESPONSE-PORT the idle socket is used again: another external port means that the mapping was gone.
 *
 * <p>A ladder ends early when two rungs in a row are gone. It takes about as long as its longest rung at most.
 */
public final class LifetimeDiscovery implements Measurement {
    // RFC 5780 §5: no more than ten new transactions a second.
    private static final Duration PACE = Duration.ofMillis(100);

    /** Two in a row are no accident. */
    private static final int ENOUGH_EXPIRED = 2;

    private final LifetimePlan plan;
    private final Measurement.Output<LifetimeReport> out;
    private final Consumer<LifetimeEvent> events;
    private final IdleSockets sockets;
    private final LifetimeControl control;
    private final List<RungWatch> watches = new ArrayList<>();
    private long startNanos;
    private boolean finished;

    /**
     * @param random for transaction ids; unpredictable to others
     * @param out called during calls to this measurement
     * @param events told what happens meanwhile, during calls to this measurement
     */
    public LifetimeDiscovery(
            LifetimePlan plan,
            RandomGenerator random,
            Measurement.Output<LifetimeReport> out,
            Consumer<LifetimeEvent> events) {
        this.plan = plan;
        this.out = out;
        this.events = events;
        sockets = new IdleSockets(plan, random, out);
        control = new LifetimeControl(plan, sockets, this::onControlReady);
    }

    @Override
    public void start(long nowNanos) {
        sockets.now(nowNanos);
        control.start();
    }

    @Override
    public void onMessage(SocketId socket, TransportAddress from, ByteBuffer bytes, long nowNanos) {
        sockets.now(nowNanos);
        sockets.onMessage(socket, from, bytes);
        finishIfDone();
    }

    @Override
    public void onTimeout(long nowNanos) {
        sockets.now(nowNanos);
        sockets.onTimeout();
        finishIfDone();
    }

    @Override
    public OptionalLong nextDeadlineNanos() {
        return finished ? OptionalLong.empty() : sockets.nextDeadlineNanos();
    }

    private void onControlReady() {
        if (control.method() == Method.NONE) {
            return;
        }
        startNanos = sockets.nowNanos();
        for (Ladder ladder : Ladder.values()) {
            for (Duration idle : plan.rungs()) {
                RungWatch watch = new RungWatch(ladder, idle, sockets, control, this::onRung);
                sockets.after(PACE.multipliedBy(watches.size()), watch::open);
                watches.add(watch);
            }
        }
        events.accept(new LifetimeEvent.Started(openRungs(), atMost()));
    }

    private void onRung(RungWatch ended) {
        List<RungWatch> ladder = watches.stream()
                .filter(watch -> watch.ladder() == ended.ladder())
                .toList();
        int inARow = 0;
        for (RungWatch watch : ladder) {
            inARow = watch.hasExpired() ? inARow + 1 : 0;
            if (inARow == ENOUGH_EXPIRED) {
                ladder.subList(ladder.indexOf(watch) + 1, ladder.size()).forEach(RungWatch::skip);
            }
        }
        events.accept(new LifetimeEvent.Checked(ended.toRung(false), openRungs(), atMost()));
    }

    private int openRungs() {
        return (int) watches.stream().filter(watch -> !watch.hasEnded()).count();
    }

    /** The time until the last open rung is checked, where nothing is lost. */
    private Duration atMost() {
        Duration longest = Duration.ZERO;
        for (int i = 0; i < watches.size(); i++) {
            RungWatch watch = watches.get(i);
            if (!watch.hasEnded()) {
                Duration traffic = watch.ladder() == Ladder.STREAM
                        ? RungWatch.STREAM_PAUSE.multipliedBy(RungWatch.STREAM_EXCHANGES - 1L)
                        : Duration.ZERO;
                Duration whole =
                        PACE.multipliedBy(i).plus(traffic).plus(watch.idle()).plus(ResponsePortCheck.WAIT);
                longest = longest.compareTo(whole) > 0 ? longest : whole;
            }
        }
        Duration left = longest.minusNanos(sockets.nowNanos() - startNanos);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private void finishIfDone() {
        boolean unanswered = control.method() == Method.NONE && !control.why().isEmpty();
        boolean allEnded = !watches.isEmpty() && openRungs() == 0;
        if (!finished && (unanswered || allEnded)) {
            finished = true;
            control.stop();
            out.onFinished(new LifetimeFindings(plan, control, watches)
                    .toReport(sockets.prober().loss()));
        }
    }
}
