package dev.culvert.ice;

import dev.culvert.stun.AttributeType;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.Attributes;
import dev.culvert.stun.attribute.ErrorCode;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** One request and what became of it. Mutable, owned by one thread; driven by {@link StunTransactions}. */
public final class StunTransaction {
    private final StunRequest request;
    private final StunTransactionHandler handler;
    private final long startNanos;
    private State state = State.WAITING;
    private long deadlineNanos;
    private int sent;
    private int answersReceived;
    private long roundTripNanos;

    private enum State {
        WAITING,
        ANSWERED,
        GIVEN_UP
    }

    StunTransaction(StunRequest request, StunTransactionHandler handler, long startNanos) {
        this.request = request;
        this.handler = handler;
        this.startNanos = startNanos;
    }

    public StunRequest request() {
        return request;
    }

    /** How often the request was sent. */
    public int sent() {
        return sent;
    }

    /** How many answers from the right source came, copies and late ones included. */
    public int answersReceived() {
        return answersReceived;
    }

    public boolean isWaiting() {
        return state == State.WAITING;
    }

    /** The time from the only send to the answer; empty where it is not known which send was answered. */
    public Optional<Duration> roundTrip() {
        return state == State.ANSWERED && roundTripNanos >= 0
                ? Optional.of(Duration.ofNanos(roundTripNanos))
                : Optional.empty();
    }

    /** The moment of the next send or of giving up. */
    OptionalLong deadlineNanos() {
        return isWaiting() ? OptionalLong.of(deadlineNanos) : OptionalLong.empty();
    }

    void start(StunTransactions.Output out) {
        send(startNanos, out);
    }

    /** Sends again or gives up, if that is due. */
    void onTimeout(long nowNanos, StunTransactions.Output out) {
        if (!isWaiting() || deadlineNanos - nowNanos > 0) {
            return;
        }
        if (sent < request.schedule().sendAfter().size()) {
            send(nowNanos, out);
            return;
        }
        state = State.GIVEN_UP;
        handler.onSilence(request, this);
    }

    private void send(long nowNanos, StunTransactions.Output out) {
        // The pause counts from now, so that a shell that was held up does not send several at once.
        deadlineNanos = nowNanos + request.schedule().pauseAfter(sent).toNanos();
        sent++;
        out.send(request.socket(), request.to(), request.bytes());
    }

    void onMessage(StunReply reply) {
        if (!isResponse(reply.message())) {
            tellStray(Stray.Kind.NO_RESPONSE, reply);
            return;
        }
        if (!request.answerFrom().equals(reply.from())) {
            tellStray(Stray.Kind.WRONG_SOURCE, reply);
            return;
        }
        // RFC 8489 §6.3: a message of another method is discarded.
        if (reply.message().method() != request.method()) {
            tellStray(Stray.Kind.NOT_UNDERSTOOD, reply);
            return;
        }
        answersReceived++;
        // RFC 8489 §6.3.3, §6.3.4: such an answer is not used, and the transaction has failed.
        if (!isUnderstood(reply.message())) {
            fail(reply);
            return;
        }
        if (state == State.WAITING) {
            state = State.ANSWERED;
            // RFC 8489 §6.2.1: Karn's algorithm, no round trip is taken from a request that was sent again.
            roundTripNanos = sent == 1 ? reply.receivedNanos() - startNanos : -1;
            handler.onAnswer(request, reply, this);
            return;
        }
        tellStray(state == State.ANSWERED ? Stray.Kind.DUPLICATE : Stray.Kind.LATE, reply);
    }

    private void fail(StunReply reply) {
        tellStray(Stray.Kind.NOT_UNDERSTOOD, reply);
        if (state == State.WAITING) {
            state = State.GIVEN_UP;
            handler.onSilence(request, this);
        }
    }

    private void tellStray(Stray.Kind kind, StunReply reply) {
        handler.onStray(request, new Stray(kind, reply), this);
    }

    private static boolean isResponse(StunMessage message) {
        return switch (message.messageClass()) {
            case SUCCESS_RESPONSE, ERROR_RESPONSE -> true;
            case REQUEST, INDICATION -> false;
        };
    }

    private static boolean isUnderstood(StunMessage message) {
        for (int at = message.firstAttribute(); at != StunMessage.ABSENT; at = message.nextAttribute(at)) {
            int type = message.typeAt(at);
            if (AttributeType.isComprehensionRequired(type)
                    && Attributes.byNumber(type).isEmpty()) {
                return false;
            }
        }
        return message.messageClass() == MessageClass.SUCCESS_RESPONSE || message.has(ErrorCode.TYPE);
    }
}
