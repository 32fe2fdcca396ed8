package dev.culvert.relay.auth;

import java.util.List;

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
}
