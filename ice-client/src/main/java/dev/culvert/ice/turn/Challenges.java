package dev.culvert.ice.turn;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.PasswordAlgorithms;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.Username;
import dev.culvert.stun.integrity.IntegrityKey;
import dev.culvert.stun.integrity.SecurityFeatures;
import dev.culvert.stun.integrity.Userhashes;
import java.util.List;
import java.util.Optional;

/**
 * The client's side of the long-term credential mechanism (RFC 8489 §9.2.5): remembers realm and nonce, answers
 * challenges, and never steps down. Mutable, owned by one thread.
 */
final class Challenges {
    static final int UNAUTHENTICATED = 401;
    static final int STALE_NONCE = 438;

    /** RFC 8489 §14.9, §14.10: REALM and NONCE are at most 763 bytes when decoded. */
    private static final int MAX_TEXT_LENGTH = 763;

    /** Room for a few dozen algorithms; two are registered. */
    private static final int MAX_ALGORITHMS_LENGTH = 256;

    private final LongTermCredential credential;
    private Protection current = new Protection.None();

    /** What to do about an answer with 401 or 438. */
    sealed interface Reaction {}

    /** Send the request again as a new transaction. */
    record Retry(Protection.LongTerm protection) implements Reaction {}

    /** Go on waiting for a better answer; {@code failure} if none comes. */
    record Discard(TurnFailure failure) implements Reaction {}

    /** The request has failed. */
    record Fail(TurnFailure failure) implements Reaction {}

    Challenges(LongTermCredential credential) {
        this.credential = credential;
    }

    /** How the next request is to be protected. */
    Protection current() {
        return current;
    }

    /** Whether an answer announces algorithms without naming them, as if somebody had cut them out. */
    static boolean isStripped(StunMessage answer) {
        return answer.get(Nonce.TYPE)
                        .map(nonce -> SecurityFeatures.ofNonce(nonce.text()).passwordAlgorithms())
                        .orElse(false)
                && !answer.has(PasswordAlgorithms.TYPE);
    }

    /**
     * What to do about {@code answer}, which has 401 or 438.
     *
     * @param used how the request was protected
     */
    Reaction onChallenge(ErrorCode error, StunMessage answer, Protection used) {
        // RFC 8489 §9.2.5: no new transaction where the nonce announces algorithms that are not there.
        if (isStripped(answer)) {
            return new Discard(new TurnFailure.BidDown());
        }
        Optional<Realm> realm = realmOf(error, answer, used);
        Optional<Nonce> nonce = answer.get(Nonce.TYPE).filter(n -> isShort(answer, Nonce.TYPE, MAX_TEXT_LENGTH));
        Optional<List<PasswordAlgorithm>> offered = offeredBy(answer);
        if (realm.isEmpty() || nonce.isEmpty() || offered.isEmpty()) {
            return new Fail(new TurnFailure.Refused(error, List.of()));
        }
        Optional<PasswordAlgorithm> algorithm = choose(offered.get());
        if (algorithm.isEmpty()) {
            // RFC 8489 §9.2.5: no retry where no algorithm on the list is supported.
            return new Fail(new TurnFailure.NoCommonPasswordAlgorithm());
        }
        return react(error, protection(realm.get(), nonce.get(), offered.get(), algorithm.get(), used), used);
    }

    private Reaction react(ErrorCode error, Protection.LongTerm next, Protection used) {
        if (used instanceof Protection.LongTerm before) {
            // RFC 8489 §9.2.5: what the server has once offered is used for all requests that follow.
            if (next.isWeakerThan(before)) {
                return new Discard(new TurnFailure.BidDown());
            }
            // RFC 8489 §9.2.5: after a 401 no retry with the same user, realm and password; after a 438 a new nonce.
            boolean isTried = error.code() == UNAUTHENTICATED
                    ? next.realm().equals(before.realm()) && next.user().equals(before.user())
                    : next.nonce().equals(before.nonce());
            if (isTried) {
                return new Fail(new TurnFailure.Refused(error, List.of()));
            }
        }
        current = next;
        return new Retry(next);
    }

    private static Optional<Realm> realmOf(ErrorCode error, StunMessage answer, Protection used) {
        // RFC 8489 §9.2.5: after a 438 only the nonce is new.
        if (error.code() == STALE_NONCE) {
            return used instanceof Protection.LongTerm before ? Optional.of(before.realm()) : Optional.empty();
        }
        return answer.get(Realm.TYPE).filter(r -> isShort(answer, Realm.TYPE, MAX_TEXT_LENGTH));
    }

    /** The algorithms in {@code answer}; an empty list where it names none, nothing where they cannot be used. */
    private static Optional<List<PasswordAlgorithm>> offeredBy(StunMessage answer) {
        if (!answer.has(PasswordAlgorithms.TYPE)) {
            return Optional.of(List.of());
        }
        return answer.get(PasswordAlgorithms.TYPE)
                .filter(list -> isShort(answer, PasswordAlgorithms.TYPE, MAX_ALGORITHMS_LENGTH))
                .map(PasswordAlgorithms::algorithms)
                .filter(algorithms -> !algorithms.isEmpty());
    }

    private static Optional<PasswordAlgorithm> choose(List<PasswordAlgorithm> offered) {
        if (offered.isEmpty()) {
            return Optional.of(PasswordAlgorithm.MD5);
        }
        return offered.stream()
                .filter(one -> one.equals(PasswordAlgorithm.MD5) || one.equals(PasswordAlgorithm.SHA_256))
                .findFirst();
    }

    private Protection.LongTerm protection(
            Realm realm, Nonce nonce, List<PasswordAlgorithm> offered, PasswordAlgorithm algorithm, Protection used) {
        boolean isAnonymous = SecurityFeatures.ofNonce(nonce.text()).usernameAnonymity();
        // RFC 8489 §9.2.5: USERHASH where the nonce has the anonymity bit, else USERNAME.
        Attribute user =
                isAnonymous ? Userhashes.of(credential.username(), realm.name()) : new Username(credential.username());
        return new Protection.LongTerm(user, realm, nonce, offered, algorithm, key(realm, algorithm, used));
    }

    private IntegrityKey key(Realm realm, PasswordAlgorithm algorithm, Protection used) {
        if (used instanceof Protection.LongTerm before
                && before.realm().equals(realm)
                && before.algorithm().equals(algorithm)) {
            return before.key();
        }
        return IntegrityKey.longTerm(algorithm, credential.username(), realm.name(), credential.password());
    }

    private static boolean isShort(StunMessage answer, AttributeType<?> type, int maxLengthBytes) {
        return answer.lengthAt(answer.find(type.number())) <= maxLengthBytes;
    }
}
