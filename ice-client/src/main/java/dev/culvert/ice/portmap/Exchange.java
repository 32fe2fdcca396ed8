package dev.culvert.ice.portmap;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A datagram that is repeated until it is answered or given up. Mutable, owned by one thread. */
final class Exchange {
    /**
     * RFC 6886 §3.1, cut short: 250 ms, doubling. Also used for PCP where a slow start by RFC 6887 §8.1.1 would keep
     * people waiting to no avail: to find out whether anybody listens at all, and for removals.
     */
    static final List<Duration> BRISK =
            List.of(Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofMillis(1000), Duration.ofMillis(1250));

    private static final double PCP_INITIAL_SECONDS = 3;
    private static final double PCP_MAX_SECONDS = 1024;

    private final Agenda agenda;
    private final Consumer<ByteBuffer> transmit;
    private final ByteBuffer bytes;
    private final List<Duration> pauses;
    private final Runnable onSilence;
    private int sent;
    private Agenda.@Nullable Task timer;

    /**
     * @param pauses what to wait after each sending; there are as many sendings
     * @param onSilence called after the last pause
     */
    Exchange(
            Agenda agenda, Consumer<ByteBuffer> transmit, ByteBuffer bytes, List<Duration> pauses, Runnable onSilence) {
        this.agenda = agenda;
        this.transmit = transmit;
        this.bytes = bytes;
        this.pauses = pauses;
        this.onSilence = onSilence;
    }

    Exchange start() {
        send();
        return this;
    }

    private void send() {
        timer = null;
        if (sent == pauses.size()) {
            onSilence.run();
            return;
        }
        timer = agenda.after(pauses.get(sent), this::send);
        sent++;
        transmit.accept(bytes.duplicate());
    }

    /** Nothing more is sent or told. */
    void end() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** RFC 6887 §8.1.1: pauses that begin with 3 s and double, each a tenth longer or shorter, within {@code limit}. */
    static List<Duration> pcpPauses(RandomGenerator random, Duration limit) {
        List<Duration> pauses = new ArrayList<>();
        double left = limit.toMillis() / 1000.0;
        double timeout = jitter(random) * PCP_INITIAL_SECONDS;
        while (left > 0) {
            pauses.add(Duration.ofMillis((long) (Math.min(timeout, left) * 1000)));
            left -= timeout;
            timeout = jitter(random) * Math.min(2 * timeout, PCP_MAX_SECONDS);
        }
        return pauses;
    }

    private static double jitter(RandomGenerator random) {
        return 1 + random.nextDouble(-0.1, 0.1);
    }
}
