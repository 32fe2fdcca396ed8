package dev.culvert.relay.auth;

import java.util.List;
import java.util.Optional;

/** Several stores as one. */
record CombinedCredentials(List<Credentials> parts, SecurityOffer offer) implements Credentials {
    static CombinedCredentials of(List<Credentials> parts) {
        SecurityOffer offer = parts.stream().map(Credentials::offer).reduce(SecurityOffer.ALL, SecurityOffer::and);
        return new CombinedCredentials(List.copyOf(parts), offer);
    }

    @Override
    public List<Credential> find(ClaimedUser user) {
        return parts.stream().flatMap(part -> part.find(user).stream()).toList();
    }

    @Override
    public Optional<IssuedCredential> issue(String userId, long expiresAtEpochSeconds) {
        return parts.stream()
                .flatMap(part -> part.issue(userId, expiresAtEpochSeconds).stream())
                .findFirst();
    }
}
