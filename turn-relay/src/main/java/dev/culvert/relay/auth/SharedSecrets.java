package dev.culvert.relay.auth;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Time-limited credentials: the username is {@code expiry[:id]} with the expiry in seconds since 1970, the password
 * comes from a shared secret. Several secrets are good at once, so that one can replace another without a gap.
 */
public final class SharedSecrets implements Credentials {
    private static final Pattern USERNAME = Pattern.compile("([0-9]{1,18})(?::(.*))?", Pattern.DOTALL);

    // A name's hash does not tell its expiry, so these users cannot be found by USERHASH (RFC 8489 §14.4).
    private static final SecurityOffer OFFER = new SecurityOffer(true, true, false);

    private final String realm;
    private final List<SharedSecret> secrets;

    private SharedSecrets(String realm, List<SharedSecret> secrets) {
        this.realm = realm;
        this.secrets = secrets;
    }

    /**
     * The users of whoever knows one of {@code secrets}.
     *
     * @param secrets at least one; each costs every request a few hashes
     */
    public static SharedSecrets of(String realm, List<SharedSecret> secrets) {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("no shared secret");
        }
        return new SharedSecrets(realm, List.copyOf(secrets));
    }

    @Override
    public List<Credential> find(ClaimedUser user) {
        if (!(user instanceof ClaimedUser.ByName byName)) {
            return List.of();
        }
        Matcher name = USERNAME.matcher(byName.username());
        if (!name.matches()) {
            return List.of();
        }
        long expiresAt = Long.parseLong(name.group(1));
        String userId = userId(name);
        return secrets.stream()
                .map(secret -> credential(name.group(), userId, expiresAt, secret))
                .toList();
    }

    /** Without an id there is no telling whose two credentials are, so each is a user of its own. */
    private static String userId(Matcher name) {
        String id = name.group(2);
        return id == null || id.isEmpty() ? name.group() : id;
    }

    private Credential credential(String username, String userId, long expiresAt, SharedSecret secret) {
        return new Credential(
                username, userId, Credential.keys(username, realm, secret.passwordOf(username)), expiresAt);
    }

    /** By the first secret, which is the one that stays when secrets are rotated. */
    @Override
    public Optional<IssuedCredential> issue(String userId, long expiresAtEpochSeconds) {
        return Optional.of(secrets.get(0).issue(userId, expiresAtEpochSeconds));
    }

    @Override
    public SecurityOffer offer() {
        return OFFER;
    }
}
