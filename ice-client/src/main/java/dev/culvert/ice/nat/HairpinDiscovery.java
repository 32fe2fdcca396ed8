package dev.culvert.ice.nat;

import dev.culvert.ice.SocketId;
import dev.culvert.ice.StunTransactions;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether two sockets behind this NAT can meet at its public address (RFC 4787 §6, RFC 5780 §3.4).
 *
 * <p>Two sockets of its own learn their external addresses and then ask each other there, both at once, so that each
 * has opened the NAT's filter for the other. Some firewalls take such packets for an attack: run it only where the user
 * asked for it.
 */
public final class HairpinDiscovery implements Measurement {
    private static final long[] SEND_AFTER_MILLIS = {0, 100, 300, 700, 1500};
    private static final long GIVE_UP_AFTER_MILLIS = 2500;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final MeasurementPlan plan;
    private final Output<HairpinReport> out;
    private final RandomGenerator random;
    private final StunTransactions transactions;
    private final Prober prober;
    private final Agenda agenda = new Agenda();
    private @Nullable HairpinSide first;
    private @Nullable HairpinSide second;
    private long nowNanos;
    private boolean finished;

    /**
     * @param random for transaction ids; unpredictable to others
     * @param out called during calls to this measurement
     */
    public HairpinDiscovery(MeasurementPlan plan, RandomGenerator random, Output<HairpinReport> out) {
        this.plan = plan;
        this.out = out;
        this.random = random;
        transactions = new StunTransactions(out);
        prober = new Prober(transactions, plan.schedule(), random);
    }

    @Override
    public void start(long startNanos) {
        now(startNanos);
        first = open("H1");
        second = open("H2");
    }

    private HairpinSide open(String test) {
        TransportAddress server = plan.server().address();
        AddressFamily family = server.ip().family();
        HairpinSide side = new HairpinSide(out.openSocket(family), TransactionId.random(random));
        prober.plain(test, side.socket(), server, ended -> {
            side.onOpened(ended);
            meetIfOpen();
        });
        return side;
    }

    private HairpinSide first() {
        return Objects.requireNonNull(first, "not started");
    }

    private HairpinSide second() {
        return Objects.requireNonNull(second, "not started");
    }

    private void now(long newNowNanos) {
        nowNanos = newNowNanos;
        prober.at(newNowNanos);
    }

    private void meetIfOpen() {
        if (!first().hasOpened() || !second().hasOpened()) {
            return;
        }
        Optional<TransportAddress> toFirst = first().external();
        Optional<TransportAddress> toSecond = second().external();
        if (toFirst.isEmpty() || toSecond.isEmpty()) {
            finish(HairpinBehavior.UNKNOWN);
            return;
        }
        if (isUntranslated(first()) && isUntranslated(second())) {
            finish(HairpinBehavior.NOT_NEEDED);
            return;
        }
        for (long millis : SEND_AFTER_MILLIS) {
            at(millis, () -> ask(first(), toSecond.get()));
            at(millis, () -> ask(second(), toFirst.get()));
        }
        at(GIVE_UP_AFTER_MILLIS, () -> finish(behavior()));
    }

    private void at(long millis, Runnable action) {
        agenda.at(nowNanos + millis * NANOS_PER_MILLI, action);
    }

    private boolean isUntranslated(HairpinSide side) {
        return side.external()
                .filter(external -> plan.localAddresses().contains(external.ip())
                        && external.port() == out.localPort(side.socket()))
                .isPresent();
    }

    private void ask(HairpinSide side, TransportAddress to) {
        if (!side.answered()) {
            out.send(side.socket(), to, side.nextRequest());
        }
    }

    @Override
    public void onMessage(SocketId socket, TransportAddress from, ByteBuffer bytes, long atNanos) {
        now(atNanos);
        boolean hairpinned = onHairpinned(first(), second(), socket, from, bytes)
                || onHairpinned(second(), first(), socket, from, bytes);
        if (!hairpinned) {
            transactions.onMessage(socket, from, bytes, atNanos);
        } else if (first().answered() && second().answered()) {
            finish(behavior());
        }
    }

    /** Takes in the request of {@code asking}, or the answer to it. */
    private boolean onHairpinned(
            HairpinSide asking, HairpinSide asked, SocketId socket, TransportAddress from, ByteBuffer bytes) {
        if (socket.equals(asked.socket()) && asking.isRequestOfThis(bytes, from)) {
            out.send(socket, from, HairpinSide.answerTo(bytes, from));
            return true;
        }
        return socket.equals(asking.socket()) && asking.isAnswerToThis(bytes, from, asked.external());
    }

    private HairpinBehavior behavior() {
        Optional<HairpinSide> seen = Stream.of(first(), second())
                .filter(side -> side.seenAs().isPresent())
                .findFirst();
        return seen.map(side -> behavior(side, side.seenAs().orElseThrow())).orElse(HairpinBehavior.NONE);
    }

    private HairpinBehavior behavior(HairpinSide side, TransportAddress seenAs) {
        IpAddress external = side.external().orElseThrow().ip();
        if (seenAs.ip().equals(external)) {
            return HairpinBehavior.EXTERNAL_SOURCE;
        }
        return plan.localAddresses().contains(seenAs.ip())
                ? HairpinBehavior.INTERNAL_SOURCE
                : HairpinBehavior.OTHER_SOURCE;
    }

    @Override
    public void onTimeout(long atNanos) {
        now(atNanos);
        transactions.onTimeout(atNanos);
        agenda.runDue(atNanos);
    }

    @Override
    public OptionalLong nextDeadlineNanos() {
        return finished ? OptionalLong.empty() : Agenda.earlier(transactions.nextDeadlineNanos(), agenda.nextNanos());
    }

    private void finish(HairpinBehavior behavior) {
        if (finished) {
            return;
        }
        finished = true;
        agenda.clear();
        List<HairpinReport.Side> sides = Stream.of(first(), second())
                .map(side -> side.toReport(out.localPort(side.socket())))
                .toList();
        int sent = sides.stream().mapToInt(HairpinReport.Side::sent).sum();
        double confidence = switch (behavior) {
            case NONE -> prober.confidenceAfter(sent);
            case UNKNOWN -> 0;
            case EXTERNAL_SOURCE, INTERNAL_SOURCE, OTHER_SOURCE, NOT_NEEDED -> 1;
        };
        out.onFinished(new HairpinReport(plan.server(), behavior, sides, confidence));
    }
}
