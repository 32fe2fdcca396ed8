package dev.culvert.ice.vertx;

import dev.culvert.ice.diagnosis.RoundTripSummary;
import dev.culvert.ice.diagnosis.RoundTrips;
import dev.culvert.ice.diagnosis.Throughput;
import dev.culvert.ice.diagnosis.ThroughputSummary;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** Lets two allocations talk to each other and measures it. Owned by one event loop. */
final class RelayedTalk {
    private final Vertx vertx;
    private final TurnConnection caller;
    private final TurnConnection callee;
    private final RandomGenerator random;

    RelayedTalk(Vertx vertx, TurnConnection caller, TurnConnection callee, RandomGenerator random) {
        this.vertx = vertx;
        this.caller = caller;
        this.callee = callee;
        this.random = random;
    }

    /** Datagrams from the one to the other and back. */
    Future<RoundTripSummary> roundTrips(int count) {
        return new ToAndFro(count).run();
    }

    /** As many datagrams from the one to the other as come through. */
    Future<ThroughputSummary> throughput(Duration sending) {
        return new OneWay(sending).run();
    }

    private void send(ByteBuffer payload) {
        caller.send(callee.relayed(), payload);
    }

    private void sendBack(ByteBuffer data) {
        ByteBuffer copy =
                ByteBuffer.allocate(data.remaining()).put(data.duplicate()).flip();
        callee.send(caller.relayed(), copy);
    }

    private final class ToAndFro {
        private final RoundTrips roundTrips;
        private final Deadline deadline = new Deadline(vertx, this::onTimeout);
        private final Promise<RoundTripSummary> done = Promise.promise();

        ToAndFro(int count) {
            roundTrips = new RoundTrips(
                    new RoundTrips.Plan(
                            count,
                            ExaminationPlan.SMALL_BYTES,
                            ExaminationPlan.INTERVAL,
                            ExaminationPlan.PATIENCE,
                            RelayedTalk.this::send),
                    random);
        }

        Future<RoundTripSummary> run() {
            callee.dataHandler((peer, data) -> sendBack(data));
            caller.dataHandler((peer, data) -> onArrival(data));
            roundTrips.start(System.nanoTime());
            proceed();
            return done.future();
        }

        private void onArrival(ByteBuffer data) {
            roundTrips.onArrival(data, System.nanoTime());
            proceed();
        }

        private void onTimeout() {
            roundTrips.onTimeout(System.nanoTime());
            proceed();
        }

        private void proceed() {
            deadline.follow(roundTrips.nextDeadlineNanos());
            if (roundTrips.isFinished()) {
                done.tryComplete(roundTrips.summary());
            }
        }
    }

    private final class OneWay {
        private final Throughput throughput;
        private final Deadline deadline = new Deadline(vertx, this::onTimeout);
        private final Promise<ThroughputSummary> done = Promise.promise();

        OneWay(Duration sending) {
            throughput = new Throughput(ExaminationPlan.LARGE_BYTES, sending, RelayedTalk.this::send, random);
        }

        Future<ThroughputSummary> run() {
            callee.dataHandler((peer, data) -> onArrival(data));
            throughput.start(System.nanoTime());
            proceed();
            return done.future();
        }

        private void onArrival(ByteBuffer data) {
            throughput.onArrival(data, System.nanoTime());
            if (throughput.isFinished()) {
                proceed();
            }
        }

        private void onTimeout() {
            throughput.onTimeout(System.nanoTime());
            proceed();
        }

        private void proceed() {
            deadline.follow(throughput.nextDeadlineNanos());
            if (throughput.isFinished()) {
                done.tryComplete(throughput.summary());
            }
        }
    }
}
