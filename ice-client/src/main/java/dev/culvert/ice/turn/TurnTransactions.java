package dev.culvert.ice.turn;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.ice.time.Earliest;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.AlternateDomain;
import dev.culvert.stun.attribute.AlternateServer;
import dev.culvert.stun.attribute.Attributes;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.UnknownAttributes;
import dev.culvert.stun.integrity.IntegrityMac;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * The requests under way on one flow: sends them, again where the transport loses, signs them, answers challenges, and
 * lets no answer through that lacks its integrity (RFC 8489 §9.2.5). Mutable, owned by one thread.
 */
final class TurnTransactions {
    /** Enough for a new realm and some nonces that age on the way; a server that asks for more is in a loop. */
    private static final int MAX_CHALLENGES = 5;

    private static final int TRY_ALTERNATE = 300;
    private static final int BAD_REQUEST = 400;

    /** The longest username, realm and nonce make some 2 KB, and one request names one peer. */
    private static final int MAX_REQUEST_LENGTH = 4096;

    private final Map<TransactionId, TurnTransaction> byId = new LinkedHashMap<>();
    private final Challenges challenges;
    private final RandomGenerator random;
    private final boolean isReliable;
    private final RetransmissionSchedule schedule;
    private final IntegrityMac mac = new IntegrityMac();
    private final StunWriter writer = new StunWriter();
    private final ByteBuffer scratch = ByteBuffer.allocate(MAX_REQUEST_LENGTH);

    TurnTransactions(
            Challenges challenges, RandomGenerator random, boolean isReliable, RetransmissionSchedule schedule) {
        this.challenges = challenges;
        this.random = random;
        this.isReliable = isReliable;
        this.schedule = schedule;
    }

    void start(TurnRequest request, long nowNanos, TurnOutput out) {
        start(request, challenges.current(), 0, nowNanos, out);
    }

    private void start(TurnRequest request, Protection protection, int followed, long nowNanos, TurnOutput out) {
        TransactionId id = TransactionId.random(random);
        ByteBuffer bytes = encode(request, id, protection);
        TurnTransaction transaction = new TurnTransaction(request, id, protection, bytes, schedule, followed, nowNanos);
        byId.put(id, transaction);
        transaction.send(nowNanos, out);
    }

    private ByteBuffer encode(TurnRequest request, TransactionId id, Protection protection) {
        writer.begin(scratch.clear(), MessageClass.REQUEST, request.method(), id);
        for (Attribute attribute : request.attributes()) {
            writer.add(attribute);
        }
        protection.sign(writer, mac);
        scratch.flip();
        return ByteBuffer.allocate(scratch.remaining()).put(scratch).flip().asReadOnlyBuffer();
    }

    /** Calls all requests off: their answers, if any come, mean nothing. */
    void clear() {
        byId.clear();
    }

    /**
     * Takes a response in.
     *
     * @return whether it answers, or tries to answer, a request under way
     */
    boolean onResponse(StunMessage answer, long nowNanos, TurnOutput out) {
        TurnTransaction transaction = byId.get(answer.transactionId());
        if (transaction == null || answer.method() != transaction.request().method()) {
            return false;
        }
        if (answer.messageClass() == MessageClass.ERROR_RESPONSE) {
            onError(transaction, answer, nowNanos, out);
        } else if (isTrusted(transaction, answer, nowNanos, out)) {
            onSuccess(transaction, answer, nowNanos, out);
        }
        return true;
    }

    private void onSuccess(TurnTransaction transaction, StunMessage answer, long nowNanos, TurnOutput out) {
        // RFC 8489 §6.3.3: with an unknown attribute that must be understood, the transaction has failed.
        if (hasUnknownRequired(answer)) {
            fail(
                    transaction,
                    new TurnFailure.UnusableAnswer("an unknown attribute that must be understood"),
                    nowNanos,
                    out);
            return;
        }
        byId.remove(transaction.id());
        transaction.request().conclusion().onSuccess(answer, transaction.startNanos(), nowNanos, out);
    }

    private void onError(TurnTransaction transaction, StunMessage answer, long nowNanos, TurnOutput out) {
        Optional<ErrorCode> found = answer.get(ErrorCode.TYPE);
        if (found.isEmpty()) {
            // RFC 8489 §6.3.4: without ERROR-CODE the transaction has simply failed.
            if (isTrusted(transaction, answer, nowNanos, out)) {
                fail(transaction, new TurnFailure.UnusableAnswer("an error without ERROR-CODE"), nowNanos, out);
            }
            return;
        }
        ErrorCode error = found.get();
        if (error.code() == Challenges.UNAUTHENTICATED || error.code() == Challenges.STALE_NONCE) {
            onChallenge(transaction, error, answer, nowNanos, out);
            return;
        }
        boolean isSigned = transaction.protection() instanceof Protection.LongTerm;
        // RFC 8489 §9.2.5: a 400 without integrity is discarded as if it had never come.
        if (error.code() == BAD_REQUEST && isSigned && !Protection.hasIntegrity(answer)) {
            return;
        }
        if (isTrusted(transaction, answer, nowNanos, out)) {
            fail(transaction, failureOf(error, answer), nowNanos, out);
        }
    }

    private void onChallenge(
            TurnTransaction transaction, ErrorCode error, StunMessage answer, long nowNanos, TurnOutput out) {
        Challenges.Reaction reaction = challenges.onChallenge(error, answer, transaction.protection());
        if (reaction instanceof Challenges.Fail failed) {
            fail(transaction, failed.failure(), nowNanos, out);
        } else if (reaction instanceof Challenges.Discard discarded) {
            discard(transaction, discarded.failure(), nowNanos, out);
        } else if (reaction instanceof Challenges.Retry retry) {
            retry(transaction, error, retry.protection(), nowNanos, out);
        }
    }

    private void retry(
            TurnTransaction transaction, ErrorCode error, Protection protection, long nowNanos, TurnOutput out) {
        if (transaction.challenges() == MAX_CHALLENGES) {
            fail(transaction, new TurnFailure.Refused(error, List.of()), nowNanos, out);
            return;
        }
        byId.remove(transaction.id());
        start(transaction.request(), protection, transaction.challenges() + 1, nowNanos, out);
    }

    /** Whether {@code answer} may be believed; what is done where it may not has been done then. */
    private boolean isTrusted(TurnTransaction transaction, StunMessage answer, long nowNanos, TurnOutput out) {
        // RFC 8489 §9.2.5: any other response whose nonce announces algorithms that are not there is ignored.
        if (Challenges.isStripped(answer)) {
            discard(transaction, new TurnFailure.BidDown(), nowNanos, out);
            return false;
        }
        if (!transaction.protection().authenticates(answer, mac)) {
            discard(transaction, new TurnFailure.IntegrityViolated(), nowNanos, out);
            return false;
        }
        return true;
    }

    private void discard(TurnTransaction transaction, TurnFailure reason, long nowNanos, TurnOutput out) {
        // RFC 8489 §9.2.5: over a reliable transport it ends at once, else it is as if the answer had never come.
        if (isReliable) {
            fail(transaction, reason, nowNanos, out);
            return;
        }
        transaction.discard(reason);
    }

    private void fail(TurnTransaction transaction, TurnFailure failure, long nowNanos, TurnOutput out) {
        byId.remove(transaction.id());
        transaction.request().conclusion().onFailure(failure, nowNanos, out);
    }

    private static TurnFailure failureOf(ErrorCode error, StunMessage answer) {
        List<TransportAddress> servers = answer.all(AlternateServer.TYPE).stream()
                .map(AlternateServer::address)
                .toList();
        if (error.code() == TRY_ALTERNATE && !servers.isEmpty()) {
            List<String> domains = answer.all(AlternateDomain.TYPE).stream()
                    .map(AlternateDomain::name)
                    .toList();
            return new TurnFailure.TryAlternate(servers, domains);
        }
        return new TurnFailure.Refused(
                error,
                answer.get(UnknownAttributes.TYPE).map(UnknownAttributes::types).orElse(List.of()));
    }

    /** Whether {@code answer} has an attribute that must be understood and is not. */
    static boolean hasUnknownRequired(StunMessage answer) {
        for (int at = answer.firstAttribute(); at != StunMessage.ABSENT; at = answer.nextAttribute(at)) {
            int type = answer.typeAt(at);
            if (AttributeType.isComprehensionRequired(type)
                    && Attributes.byNumber(type).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Sends again, or gives up, what is due. */
    void onTimeout(long nowNanos, TurnOutput out) {
        for (TurnTransaction transaction : new ArrayList<>(byId.values())) {
            // What an earlier one concluded may have called this one off.
            if (transaction.deadlineNanos() - nowNanos > 0 || !byId.containsKey(transaction.id())) {
                continue;
            }
            if (transaction.isExhausted()) {
                fail(transaction, transaction.failure(), nowNanos, out);
            } else {
                transaction.send(nowNanos, out);
            }
        }
    }

    OptionalLong nextDeadlineNanos() {
        Earliest next = new Earliest();
        byId.values().forEach(transaction -> next.include(transaction.deadlineNanos()));
        return next.nanos();
    }
}
