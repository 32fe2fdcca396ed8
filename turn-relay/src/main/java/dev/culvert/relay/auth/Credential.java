package dev.culvert.relay.auth;

import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.integrity.IntegrityKey;
import java.util.Map;
import java.util.Optional;

/**
 * What a server knows of one user: enough to check a request, never the password. Its text shows no key.
 *
 * @param username the value of USERNAME, prepared by OpaqueString where the store could do that
 * @param userId whom quotas count; for time-limited credentials not the whole {@code expiry:id}, so that a new password
 *     is no new quota
 * @param keys by {@link PasswordAlgorithm#MD5}, {@link PasswordAlgorithm#SHA_256} or both
 * @param expiresAtEpochSeconds the first second at which it is no longer good, or {@link #NEVER}
 */
public record Credential(
        String username, String userId, Map<PasswordAlgorithm, IntegrityKey> keys, long expiresAtEpochSeconds) {
    /** The expiry of a credential that does not expire. */
    public static final long NEVER = Long.MAX_VALUE;

    public Credential {
        keys = Map.copyOf(keys);
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("a credential has at least one key");
        }
        keys.keySet().forEach(Credential::requireKnown);
    }

    private static void requireKnown(PasswordAlgorithm algorithm) {
        if (!algorithm.equals(PasswordAlgorithm.MD5) && !algorithm.equals(PasswordAlgorithm.SHA_256)) {
            throw new IllegalArgumentException("no key is defined for " + algorithm);
        }
    }

    /**
     * The credential that {@code password} makes, with the keys of both algorithms, without expiry.
     *
     * @param username as it stands in USERNAME; also the user id
     * @throws IllegalArgumentException if OpaqueString refuses {@code password}; the message does not contain it
     */
    public static Credential ofPassword(String username, String realm, String password) {
        return new Credential(username, username, keys(username, realm, password), NEVER);
    }

    static Map<PasswordAlgorithm, IntegrityKey> keys(String username, String realm, String password) {
        return Map.of(
                PasswordAlgorithm.MD5,
                IntegrityKey.longTerm(PasswordAlgorithm.MD5, username, realm, password),
                PasswordAlgorithm.SHA_256,
                IntegrityKey.longTerm(PasswordAlgorithm.SHA_256, username, realm, password));
    }

    /** The key by {@code algorithm}; empty where the store does not have it. */
    public Optional<IntegrityKey> key(PasswordAlgorithm algorithm) {
        return Optional.ofNullable(keys.get(algorithm));
    }

    /** Whether it is no longer good at {@code epochSeconds} of the wall clock. */
    public boolean hasExpired(long epochSeconds) {
        return epochSeconds >= expiresAtEpochSeconds;
    }
}
