package dev.culvert.relay.auth;

import java.util.List;
import java.util.Optional;

/**
 * Credentials that are in memory. Immutable and used by any thread: a reload is a new one.
 *
 * <p>A new kind of store in memory is one class that implements this; one that has to ask somebody else is a
 * {@link CredentialStore}.
 */
public interface Credentials {
    /**
     * What is known of {@code user}, expired credentials included: the candidates of which a request's integrity picks
     * one; none where the user is not known.
     */
    List<Credential> find(ClaimedUser user);

    /** What can be served to every user. */
    SecurityOffer offer();

    /**
     * Makes a credential that is found here until a moment.
     *
     * @param userId whose it is, may be empty
     * @param expiresAtEpochSeconds the first second at which it is refused, not negative
     * @return empty where only known users have credentials
     */
    default Optional<IssuedCredential> issue(String userId, long expiresAtEpochSeconds) {
        return Optional.empty();
    }

    /** No credentials at all. */
    static Credentials none() {
        return all(List.of());
    }

    /** The credentials of all {@code parts} side by side; a user in several of them has as many passwords. */
    static Credentials all(List<Credentials> parts) {
        return CombinedCredentials.of(parts);
    }
}
