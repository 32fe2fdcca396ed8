package dev.culvert.relay.auth;

import dev.culvert.relay.auth.Authentication.Authenticated;
import dev.culvert.relay.auth.Authentication.NeedCredential;
import dev.culvert.relay.auth.Authentication.Reason;
import dev.culvert.relay.auth.Authentication.Refused;
import dev.culvert.relay.auth.Authentication.Waiting;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.MessageIntegrity;
import dev.culvert.stun.attribute.MessageIntegritySha256;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.PasswordAlgorithms;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.Userhash;
import dev.culvert.stun.attribute.Username;
import dev.culvert.stun.integrity.IntegrityCheck;
import dev.culvert.stun.integrity.IntegrityKey;
import dev.culvert.stun.integrity.IntegrityMac;
import dev.culvert.stun.integrity.OpaqueString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells who sent a request: the long-term credential mechanism as RFC 8489 §9.2.4 has it, in its order. Mutable, owned
 * by one thread.
 *
 * <p>Two deviations, both for the server's safety. A credential that is not in memory is not looked up for a nonce that
 * is stale or not ours: 438 comes first, or anyone could drive the database. And a nonce that is not ours is compared
 * with no PASSWORD-ALGORITHMS, as nobody knows what went with it; it ends in 401 or 438, never in success.
 *
 * <p>Whether a request comes from the user who made its allocation (441, RFC 8656 §5) is for the relay to say.
 */
public final class Authenticator {
    /** RFC 8489 §14.9: REALM has fewer than 128 characters. */
    private static final int MAX_REALM_CHARACTERS = 127;

    /** RFC 8489 §14.3: the longest USERNAME that must be understood. */
    private static final int MAX_USERNAME_BYTES = 763;

    private final Realm realm;
    private final CredentialCache cache;
    private final IntegrityMac mac = new IntegrityMac();
    private Nonces nonces;
    private Credentials credentials;
    private SecurityOffer offer;

    /**
     * An authenticator for one event loop.
     *
     * @param credentials those in memory, which are asked first
     * @param cache what external stores answered
     * @throws IllegalArgumentException if {@code realm} is no REALM, or there is no algorithm that serves all users
     */
    public Authenticator(String realm, Credentials credentials, CredentialCache cache, Nonces nonces) {
        this.realm = new Realm(requireRealm(realm));
        this.cache = cache;
        this.nonces = nonces;
        this.credentials = credentials;
        this.offer = offerOf(credentials, cache);
    }

    /**
     * {@code name} as REALM carries it, prepared by OpaqueString.
     *
     * @throws IllegalArgumentException if it is no realm
     */
    public static String requireRealm(String name) {
        String prepared = OpaqueString.require("realm", name);
        boolean isTooLong = prepared.codePointCount(0, prepared.length()) > MAX_REALM_CHARACTERS;
        // RFC 8489 §14.9: REALM is unquoted; a key takes quotes off, so that a realm with quotes would be another.
        if (isTooLong || prepared.indexOf('"') >= 0 || prepared.indexOf('\\') >= 0) {
            throw new IllegalArgumentException("a realm has at most " + MAX_REALM_CHARACTERS
                    + " characters, no quotes and no backslashes: " + name);
        }
        return prepared;
    }

    private static SecurityOffer offerOf(Credentials credentials, CredentialCache cache) {
        SecurityOffer offer = credentials.offer().and(cache.offer());
        if (offer.lacksAlgorithm()) {
            throw new IllegalArgumentException(
                    "some users have only an md5 hash and others only a sha256 hash, but one challenge must do for all");
        }
        return offer;
    }

    /**
     * Goes on with other credentials in memory, from the next request on.
     *
     * @throws IllegalArgumentException if there is no algorithm that serves all users; then all stays as it was
     */
    public void replaceCredentials(Credentials newCredentials) {
        offer = offerOf(newCredentials, cache);
        credentials = newCredentials;
    }

    /** Goes on with other nonce keys; nonces under keys that are no more get a 438. */
    public void replaceNonces(Nonces newNonces) {
        nonces = newNonces;
    }

    /** Whether {@code request} carries a nonce that was made for this client and is fresh; without one it is refused. */
    public boolean hasGoodNonce(StunMessage request, FiveTuple flow, long epochSeconds) {
        return request.get(Nonce.TYPE)
                .map(nonce -> nonces.check(nonce.text(), flow, epochSeconds).isGood())
                .orElse(false);
    }

    /** Checks a request on a flow without an allocation, as the other {@code authenticate} does. */
    public Authentication authenticate(StunMessage request, FiveTuple flow, long nowNanos, long epochSeconds) {
        return authenticate(request, flow, null, nowNanos, epochSeconds);
    }

    /**
     * Checks who sent {@code request}.
     *
     * @param request a request whose structure and FINGERPRINT are in order; unknown attributes are looked at afterwards
     * @param established whose the allocation of {@code flow} is: this user's requests are taken though the credential
     *     has expired meanwhile, so that what runs goes on; a user that is no longer known is refused all the same
     * @param nowNanos for the cache, compared by difference
     * @param epochSeconds for nonces and expiry, by the wall clock
     */
    public Authentication authenticate(
            StunMessage request, FiveTuple flow, @Nullable Credential established, long nowNanos, long epochSeconds) {
        // RFC 8489 §9.2.4, first check: without integrity there is a challenge.
        if (!request.has(MessageIntegrity.TYPE) && !request.has(MessageIntegritySha256.TYPE)) {
            return refused(Reason.CHALLENGED, flow, epochSeconds);
        }
        // Second check: a user, REALM and NONCE are there, or 400.
        Optional<ClaimedUser> user = claimedUser(request);
        Optional<Nonce> nonce = request.get(Nonce.TYPE);
        if (user.isEmpty() || nonce.isEmpty() || !request.has(Realm.TYPE)) {
            return refused(Reason.INCOMPLETE, flow, epochSeconds);
        }
        // Third check: the password algorithms are those that were offered, or 400.
        NonceCheck nonceCheck = nonces.check(nonce.get().text(), flow, epochSeconds);
        if (isBidDown(request, nonceCheck)) {
            return refused(Reason.BID_DOWN, flow, epochSeconds);
        }
        Attempt attempt = new Attempt(request, flow, nonceCheck, established, epochSeconds);
        // Fourth check: the user is known, or 401.
        if (isTooLong(user.get())) {
            return refused(Reason.UNKNOWN_USER, attempt);
        }
        List<Credential> candidates = credentials.find(user.get());
        return candidates.isEmpty() ? askStores(attempt, user.get(), nowNanos) : verify(attempt, candidates);
    }

    /** What the later checks need. */
    private record Attempt(
            StunMessage request,
            FiveTuple flow,
            NonceCheck nonce,
            @Nullable Credential established,
            long epochSeconds) {
        boolean isOfEstablished(Credential credential) {
            return established != null && established.username().equals(credential.username());
        }
    }

    /** The value of USERNAME or of USERHASH; empty where there is neither, both, or one that does not decode. */
    private static Optional<ClaimedUser> claimedUser(StunMessage request) {
        if (request.has(Username.TYPE) == request.has(Userhash.TYPE)) {
            return Optional.empty();
        }
        if (request.has(Userhash.TYPE)) {
            return request.get(Userhash.TYPE).map(ClaimedUser.ByHash::new);
        }
        return request.get(Username.TYPE).map(username -> new ClaimedUser.ByName(username.name()));
    }

    private static boolean isBidDown(StunMessage request, NonceCheck nonce) {
        // RFC 8489 §9.2.4: a client that sends neither is one of RFC 5389, and its key is by MD5.
        if (!request.has(PasswordAlgorithms.TYPE) && !request.has(PasswordAlgorithm.TYPE)) {
            return false;
        }
        Optional<PasswordAlgorithms> list = request.get(PasswordAlgorithms.TYPE);
        Optional<PasswordAlgorithm> chosen = request.get(PasswordAlgorithm.TYPE);
        // RFC 8489 §9.2.4: both are there (1), the list is the one that was sent with this nonce (2), and the chosen
        // algorithm is in it (3).
        boolean isOffered = list.isPresent()
                && chosen.isPresent()
                && list.get().algorithms().contains(chosen.get())
                && (!(nonce instanceof NonceCheck.Ours ours)
                        || list.get().equals(ours.offer().passwordAlgorithms()));
        return !isOffered;
    }

    private Authentication askStores(Attempt attempt, ClaimedUser user, long nowNanos) {
        Optional<LookupAnswer> answer = cache.find(user, nowNanos);
        if (answer.isEmpty()) {
            // A named deviation from the order of RFC 8489 §9.2.4: see above.
            return attempt.nonce.isGood()
                    ? await(attempt, user, nowNanos)
                    : refused(nonceFault(attempt.nonce), attempt);
        }
        if (answer.get() instanceof LookupAnswer.Found found) {
            return verify(attempt, List.of(found.credential()));
        }
        boolean hasFailed = answer.get() instanceof LookupAnswer.Failed;
        return refused(hasFailed ? Reason.STORE_FAILED : Reason.UNKNOWN_USER, attempt);
    }

    private Authentication await(Attempt attempt, ClaimedUser user, long nowNanos) {
        return switch (cache.await(user, attempt.flow, attempt.request, nowNanos)) {
            case ASK -> new NeedCredential(user, nowNanos + cache.lookupNanos());
            case WAITS, RETRANSMISSION -> new Waiting();
            case FULL -> refused(Reason.STORE_BUSY, attempt);
        };
    }

    private static boolean isTooLong(ClaimedUser user) {
        return user instanceof ClaimedUser.ByName name
                && name.username().getBytes(StandardCharsets.UTF_8).length > MAX_USERNAME_BYTES;
    }

    private Authentication verify(Attempt attempt, List<Credential> candidates) {
        PasswordAlgorithm algorithm =
                attempt.request.get(PasswordAlgorithm.TYPE).orElse(PasswordAlgorithm.MD5);
        for (Credential candidate : candidates) {
            Optional<IntegrityKey> key = candidate.key(algorithm);
            if (key.isPresent() && isProtectedBy(key.get(), attempt.request)) {
                return accept(attempt, candidate, key.get());
            }
        }
        // Fifth check: the integrity is right, or 401.
        return refused(Reason.WRONG_PASSWORD, attempt);
    }

    private boolean isProtectedBy(IntegrityKey key, StunMessage request) {
        // RFC 8489 §9.2.4: where MESSAGE-INTEGRITY-SHA256 is there, it alone counts.
        IntegrityCheck sha256 = mac.verifySha256(request, key);
        return (sha256 == IntegrityCheck.ABSENT ? mac.verify(request, key) : sha256) == IntegrityCheck.VALID;
    }

    private Authentication accept(Attempt attempt, Credential credential, IntegrityKey key) {
        // An expired name is no valid name, so this belongs to the checks before the nonce's.
        if (credential.hasExpired(attempt.epochSeconds) && !attempt.isOfEstablished(credential)) {
            return refused(Reason.EXPIRED_CREDENTIAL, attempt);
        }
        // Last check: the nonce is ours and fresh, or 438.
        if (!attempt.nonce.isGood()) {
            return refused(nonceFault(attempt.nonce), attempt);
        }
        // RFC 8489 §9.2.4: MESSAGE-INTEGRITY-SHA256, unless the request named no password algorithm.
        return new Authenticated(credential, key, attempt.request.has(PasswordAlgorithm.TYPE));
    }

    private static Reason nonceFault(NonceCheck nonce) {
        return nonce instanceof NonceCheck.Ours ? Reason.STALE_NONCE : Reason.FOREIGN_NONCE;
    }

    private Refused refused(Reason reason, Attempt attempt) {
        return refused(reason, attempt.flow, attempt.epochSeconds);
    }

    private Refused refused(Reason reason, FiveTuple flow, long epochSeconds) {
        Attribute error = new ErrorCode(reason.code(), "");
        // RFC 8489 §9.2.4: 401 and 438 carry REALM, NONCE and PASSWORD-ALGORITHMS; 400 carries none of them.
        if (!reason.isChallenge()) {
            return new Refused(reason, List.of(error));
        }
        Nonce nonce = new Nonce(nonces.issue(flow, offer, epochSeconds));
        return new Refused(reason, List.of(error, realm, nonce, offer.passwordAlgorithms()));
    }
}
