package dev.culvert.ice.vertx;

import dev.culvert.ice.diagnosis.ExaminationStep;
import dev.culvert.ice.diagnosis.RoundTripSummary;
import dev.culvert.ice.diagnosis.ThroughputSummary;
import dev.culvert.ice.diagnosis.TransportReport;
import dev.culvert.ice.resolution.ServerAttempt;
import dev.culvert.ice.resolution.ServerTransport;
import dev.culvert.ice.turn.TurnEvent;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.StunUri;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Examines a TURN server over one transport: opens two allocations of its own, lets them talk to each other, and calls
 * one of them from a plain socket. Owned by one event loop; everything is closed at the end.
 */
public final class TurnExamination {
    private final Vertx vertx;
    private final ServerTransport transport;
    private final ExaminationPlan plan;
    private final List<ExaminationStep> steps = new ArrayList<>();
    private final List<TurnConnection> connections = new ArrayList<>();
    private final ExaminationJudgement judgement;
    private @Nullable RoundTripSummary roundTrips;
    private @Nullable ThroughputSummary throughput;

    private TurnExamination(Vertx vertx, ServerTransport transport, ExaminationPlan plan) {
        this.vertx = vertx;
        this.transport = transport;
        this.plan = plan;
        this.judgement = new ExaminationJudgement(plan);
    }

    /**
     * Examines the server that {@code uri} means over this transport.
     *
     * @return what was found; it never fails because of server or network, which are what the report is about
     */
    public static Future<TransportReport> run(
            Vertx vertx, StunUri uri, ServerTransport transport, ExaminationPlan plan) {
        Promise<TransportReport> report = Promise.promise();
        Context context = vertx.getOrCreateContext();
        context.runOnContext(onLoop ->
                new TurnExamination(vertx, transport, plan).examine(uri).onComplete(report));
        return report.future();
    }

    private Future<TransportReport> examine(StunUri uri) {
        return resolve(uri)
                .compose(this::open)
                .compose(opened -> relay().otherwiseEmpty())
                .recover(cause -> Future.succeededFuture())
                .compose(done -> close())
                .map(closed -> report());
    }

    private Future<List<ServerAttempt>> resolve(StunUri uri) {
        return step(
                        ExaminationStep.Name.RESOLVE,
                        () -> ServerLookUp.resolve(vertx, uri, List.of(transport))
                                .compose(this::ofFamily),
                        attempts -> String.join(
                                ", ",
                                attempts.stream()
                                        .map(one -> one.address().toString())
                                        .toList()))
                .onFailure(judgement::onFailure);
    }

    private Future<List<ServerAttempt>> ofFamily(List<ServerAttempt> attempts) {
        List<ServerAttempt> wanted = attempts.stream()
                .filter(one -> plan.family()
                        .map(family -> family == one.address().ip().family())
                        .orElse(true))
                .toList();
        return wanted.isEmpty()
                ? Future.failedFuture(new NetworkException.UnknownHost(
                        "the server has no address of the family that was asked for; choose it with -4 or -6", null))
                : Future.succeededFuture(wanted);
    }

    /** Two allocations, of which the first is timed. */
    private Future<TurnConnection> open(List<ServerAttempt> attempts) {
        plan.progress().accept(ExaminationStep.Name.ALLOCATE);
        StepTimes times = new StepTimes(plan.turn().tap(), transport != ServerTransport.UDP);
        return TurnConnection.open(
                        vertx, attempts, plan.credential(), plan.turn().withTap(times))
                .onFailure(cause -> steps.addAll(times.failed(textOf(cause))))
                .onSuccess(first -> {
                    connections.add(first);
                    steps.addAll(times.allocated(textOf(first.allocated())));
                })
                .compose(first -> TurnConnection.open(vertx, first.server(), plan.credential(), plan.turn()))
                .onSuccess(connections::add)
                .onFailure(judgement::onFailure);
    }

    private static String textOf(TurnEvent.Allocated allocated) {
        return "relayed " + allocated.relayed().get(0) + ", mapped " + allocated.mapped() + ", lifetime "
                + allocated.lifetime().toSeconds() + " s";
    }

    private Future<Void> relay() {
        return meet().compose(met -> talk()).otherwiseEmpty().compose(done -> callFromOutside());
    }

    private Future<Integer> meet() {
        TransportAddress other = second().relayed();
        return step(ExaminationStep.Name.PERMISSION, () -> first().permit(other.ip()), done -> "for " + other.ip())
                .compose(permitted -> step(
                        ExaminationStep.Name.CHANNEL,
                        () -> first().bindChannel(other),
                        number -> String.format("0x%04X to %s", number, other)))
                .compose(bound -> second().bindChannel(first().relayed()))
                .onFailure(judgement::onNotMet);
    }

    private Future<Void> talk() {
        RelayedTalk talk = new RelayedTalk(vertx, first(), second(), new SecureRandom());
        return step(
                        ExaminationStep.Name.RELAY,
                        () -> talk.roundTrips(plan.roundTrips()).compose(this::judgeRoundTrips),
                        TurnExamination::textOf)
                .compose(summary -> plan.sending().isZero() ? Future.succeededFuture() : load(talk));
    }

    private Future<RoundTripSummary> judgeRoundTrips(RoundTripSummary summary) {
        roundTrips = summary;
        return judgement.onRoundTrips(summary) ? Future.succeededFuture(summary) : Future.failedFuture(textOf(summary));
    }

    private Future<Void> load(RelayedTalk talk) {
        return step(ExaminationStep.Name.THROUGHPUT, () -> talk.throughput(plan.sending()), TurnExamination::textOf)
                .onSuccess(summary -> throughput = summary)
                .mapEmpty();
    }

    private static String textOf(RoundTripSummary summary) {
        return summary.received() + " of " + summary.sent() + " came back";
    }

    private static String textOf(ThroughputSummary summary) {
        return summary.arrived() + " of " + summary.sent() + " datagrams arrived";
    }

    private Future<Void> callFromOutside() {
        IpAddress self = first().mapped().ip();
        TransportAddress relayed = first().relayed();
        if (self.family() != relayed.ip().family()) {
            return Future.succeededFuture();
        }
        first().dataHandler((peer, data) -> OutsideCheck.answer(first(), peer, data));
        return step(
                        ExaminationStep.Name.OUTSIDE,
                        () -> first().permit(self)
                                .compose(done -> OutsideCheck.run(
                                        vertx, relayed, plan.turn().local(), System.identityHashCode(this)))
                                .compose(passed -> passed
                                        ? Future.succeededFuture(true)
                                        : Future.failedFuture(
                                                "no answer from " + relayed + " to a plain socket of this" + " host")),
                        passed -> "a plain socket reaches " + relayed + " and is answered")
                .onSuccess(passed -> judgement.onReachedFromOutside())
                .onFailure(cause -> judgeSilence(cause, self.equals(relayed.ip())))
                .mapEmpty();
    }

    private void judgeSilence(Throwable cause, boolean isOwnHost) {
        if (judgement.onNotReachedFromOutside(cause, isOwnHost)) {
            ExaminationStep failed = steps.remove(steps.size() - 1);
            String detail = "this host is the server's own, to which it need not relay; ask from another host";
            steps.add(new ExaminationStep(failed.name(), ExaminationStep.Result.SKIPPED, failed.took(), detail));
        }
    }

    private TurnConnection first() {
        return connections.get(0);
    }

    private TurnConnection second() {
        return connections.get(1);
    }

    private Future<Void> close() {
        if (connections.size() == 2) {
            judgement.onRelayTried(first(), transport);
        }
        return Future.join(connections.stream().map(TurnConnection::shutdown).toList())
                .mapEmpty();
    }

    private TransportReport report() {
        Optional<TurnConnection> opened = connections.stream().findFirst();
        return new TransportReport(
                transport,
                opened.map(one -> one.server().address()),
                steps,
                opened.map(TurnConnection::allocated),
                Optional.ofNullable(roundTrips),
                Optional.ofNullable(throughput),
                judgement.outside(),
                judgement.findings(),
                judgement.verdict());
    }

    private <T> Future<T> step(ExaminationStep.Name name, Supplier<Future<T>> action, Function<T, String> detail) {
        plan.progress().accept(name);
        long startNanos = System.nanoTime();
        return action.get()
                .onSuccess(result -> record(name, ExaminationStep.Result.DONE, startNanos, detail.apply(result)))
                .onFailure(cause -> record(name, resultOf(cause), startNanos, textOf(cause)));
    }

    private static ExaminationStep.Result resultOf(Throwable cause) {
        // That a server does not relay to this host is its good right: nothing is wrong then.
        return ExaminationJudgement.isForbidden(cause) ? ExaminationStep.Result.SKIPPED : ExaminationStep.Result.FAILED;
    }

    private void record(ExaminationStep.Name name, ExaminationStep.Result result, long startNanos, String detail) {
        steps.add(new ExaminationStep(name, result, Duration.ofNanos(System.nanoTime() - startNanos), detail));
    }

    private static String textOf(Throwable cause) {
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
