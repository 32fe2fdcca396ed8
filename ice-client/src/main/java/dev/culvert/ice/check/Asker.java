package dev.culvert.ice.check;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.ice.SocketId;
import dev.culvert.ice.StunRequest;
import dev.culvert.ice.StunTransactions;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Asks questions, few at a time, and keeps them all. Owned by one thread. */
final class Asker {
    /** RFC 8489 §6.2: at most ten transactions with one server at a time. */
    private static final int MAX_WAITING = 10;

    private static final double MAX_SILENCE_BY_CHANCE = 0.001;

    private final StunTransactions transactions;
    private final RetransmissionSchedule schedule;
    private final RandomGenerator random;
    private final List<Question> questions = new ArrayList<>();
    private final Map<TransactionId, Question> byId = new HashMap<>();
    private final Deque<Runnable> queued = new ArrayDeque<>();
    private int waiting;
    private long nowNanos;

    Asker(StunTransactions transactions, RetransmissionSchedule schedule, RandomGenerator random) {
        this.transactions = transactions;
        this.schedule = schedule;
        this.random = random;
    }

    void at(long newNowNanos) {
        nowNanos = newNowNanos;
    }

    Question ask(Wording wording, SocketId socket, TransportAddress to, Consumer<Question> whenEnded) {
        return ask(wording, socket, to, to, whenEnded);
    }

    /** Asks {@code to}, as soon as fewer than ten others wait, for an answer from {@code answerFrom}. */
    Question ask(
            Wording wording,
            SocketId socket,
            TransportAddress to,
            TransportAddress answerFrom,
            Consumer<Question> whenEnded) {
        Question question = new Question(wording, to, ended -> {
            waiting--;
            whenEnded.accept(ended);
            startQueued();
        });
        questions.add(question);
        queued.add(() -> start(question, wording, socket, answerFrom));
        startQueued();
        return question;
    }

    private void startQueued() {
        while (waiting < MAX_WAITING && !queued.isEmpty()) {
            waiting++;
            queued.remove().run();
        }
    }

    private void start(Question question, Wording wording, SocketId socket, TransportAddress answerFrom) {
        TransactionId id = wording.newId(random);
        ByteBuffer bytes = wording.encode(id);
        byId.put(id, question);
        StunRequest request = new StunRequest(socket, question.to(), answerFrom, id, bytes, schedule);
        question.started(transactions.start(request, question, nowNanos), bytes.remaining());
    }

    Optional<Question> withId(TransactionId id) {
        return Optional.ofNullable(byId.get(id));
    }

    List<Question> questions() {
        return questions;
    }

    /** A fault that silence shows, or nothing where loss explains silence as well. */
    Finding faultBySilence(Topic topic, String detail) {
        return losesMuch()
                ? Finding.unknown(topic, detail + "; but many packets are lost on the way, try --patient")
                : Finding.wrong(topic, detail);
    }

    private boolean losesMuch() {
        int sent = 0;
        int received = 0;
        for (Question question : questions) {
            if (question.answer().isPresent()) {
                sent += question.sent();
                received += Math.min(question.sent(), question.responses());
            }
        }
        double loss = sent == 0 ? 0 : 1 - (double) received / sent;
        return Math.pow(loss, schedule.sendAfter().size()) > MAX_SILENCE_BY_CHANCE;
    }

    boolean isIdle() {
        return questions.stream().allMatch(Question::hasEnded);
    }
}
