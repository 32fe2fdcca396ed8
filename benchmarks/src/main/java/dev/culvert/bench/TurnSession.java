package dev.culvert.bench;

import dev.culvert.bench.Transactions.Answer;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.stun.attribute.Username;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.stun.integrity.IntegrityKey;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One client's allocation, by the long-term credential mechanism: it knows nothing of the server at first, and answers
 * the challenge. Mutable, owned by the generator's thread.
 */
final class TurnSession {
    static final String USER = "bench";
    static final String PASSWORD = "bench-password";

    private static final long LIFETIME_SECONDS = 3600;
    private static final int UNAUTHENTICATED = 401;
    private static final int STALE_NONCE = 438;
    private static final Map<Realm, IntegrityKey> KEYS = new ConcurrentHashMap<>();

    private final Transactions transactions;
    private final Wire wire;
    private List<Attribute> credential = List.of();
    private Optional<IntegrityKey> key = Optional.empty();
    private Optional<TransportAddress> relayed = Optional.empty();

    TurnSession(Transactions transactions, Wire wire) {
        this.transactions = transactions;
        this.wire = wire;
    }

    Wire wire() {
        return wire;
    }

    /** The relayed transport address; once it is allocated. */
    TransportAddress relayed() {
        return relayed.orElseThrow(() -> new IllegalStateException("nothing is allocated yet"));
    }

    Future<Void> allocate() {
        return ask(StunMethod.ALLOCATE, new RequestedTransport(RequestedTransport.UDP), new Lifetime(LIFETIME_SECONDS))
                .onSuccess(answer -> relayed = answer.relayed())
                .mapEmpty();
    }

    /** Installs or renews the permission for {@code peer}. */
    Future<Void> permit(TransportAddress peer) {
        return ask(StunMethod.CREATE_PERMISSION, new XorPeerAddress(peer)).mapEmpty();
    }

    /** Binds or renews a channel. */
    Future<Void> bind(int channel, TransportAddress peer) {
        return ask(StunMethod.CHANNEL_BIND, new ChannelNumber(channel), new XorPeerAddress(peer))
                .mapEmpty();
    }

    Future<Void> delete() {
        return ask(StunMethod.REFRESH, new Lifetime(0)).mapEmpty();
    }

    /** The answer to a request, after one to a challenge; fails where it is an error. */
    private Future<Answer> ask(int method, Attribute... attributes) {
        return exchange(method, attributes)
                .compose(answer -> {
                    if (answer.code() != UNAUTHENTICATED && answer.code() != STALE_NONCE) {
                        return Future.succeededFuture(answer);
                    }
                    answerChallenge(answer);
                    return exchange(method, attributes);
                })
                .compose(answer -> answer.code() == Answer.SUCCESS
                        ? Future.succeededFuture(answer)
                        : Future.failedFuture("the server answered " + answer.code() + " to method " + method));
    }

    private Future<Answer> exchange(int method, Attribute... attributes) {
        List<Attribute> all = new ArrayList<>(Arrays.asList(attributes));
        all.addAll(credential);
        return transactions.ask(wire, method, all, key);
    }

    private void answerChallenge(Answer challenge) {
        Realm realm = challenge.realm().orElseThrow();
        credential = List.of(new Username(USER), realm, challenge.nonce().orElseThrow());
        key = Optional.of(KEYS.computeIfAbsent(realm, known -> IntegrityKey.longTerm(USER, known.name(), PASSWORD)));
    }
}
