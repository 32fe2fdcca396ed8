package dev.culvert.ice.nat;

import dev.culvert.ice.SocketId;
import dev.culvert.ice.StunTransactions;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;

/**
 * Opens sockets one after another, so that their order at the NAT is known, and learns where the server sees each
 * (RFC 4787 §4.2). All stay open to the end. Its result is empty where the server does not answer.
 */
public final class PortSampling implements Measurement {
    // RFC 5780 §5: no more than ten new transactions a second.
    private static final Duration PACE = Duration.ofMillis(100);

    private final MeasurementPlan plan;
    private final int count;
    private final Output<List<PortSample>> out;
    private final IntConsumer onSample;
    private final StunTransactions transactions;
    private final Prober prober;
    private final Agenda agenda = new Agenda();
    private final List<PortSample> samples = new ArrayList<>();
    private long nowNanos;
    private boolean finished;

    /**
     * @param count how many sockets, 1 to 200
     * @param random for transaction ids; unpredictable to others
     * @param out called during calls to this measurement
     * @param onSample told after each sample how many there are
     */
    public PortSampling(
            MeasurementPlan plan,
            int count,
            RandomGenerator random,
            Output<List<PortSample>> out,
            IntConsumer onSample) {
        if (count < 1 || count > 200) {
            throw new IllegalArgumentException("1 to 200 sockets, not " + count);
        }
        this.plan = plan;
        this.count = count;
        this.out = out;
        this.onSample = onSample;
        transactions = new StunTransactions(out);
        prober = new Prober(transactions, plan.schedule(), random);
    }

    @Override
    public void start(long startNanos) {
        now(startNanos);
        sample();
    }

    private void now(long newNowNanos) {
        nowNanos = newNowNanos;
        prober.at(newNowNanos);
    }

    private void sample() {
        TransportAddress server = plan.server().address();
        SocketId socket = out.openSocket(server.ip().family());
        long startedNanos = nowNanos;
        prober.plain("P", socket, server, ended -> {
            ended.mapped().ifPresent(mapped -> samples.add(new PortSample(out.localPort(socket), mapped)));
            onSample.accept(samples.size());
            if (ended.mapped().isEmpty() || samples.size() == count) {
                finished = true;
                out.onFinished(List.copyOf(samples));
                return;
            }
            agenda.at(startedNanos + PACE.toNanos(), this::sample);
        });
    }

    @Override
    public void onMessage(SocketId socket, TransportAddress from, ByteBuffer bytes, long atNanos) {
        now(atNanos);
        transactions.onMessage(socket, from, bytes, atNanos);
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
}
