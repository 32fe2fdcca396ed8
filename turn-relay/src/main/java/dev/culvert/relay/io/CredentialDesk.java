package dev.culvert.relay.io;

import dev.culvert.relay.auth.Authentication.NeedCredential;
import dev.culvert.relay.auth.Authenticator;
import dev.culvert.relay.auth.ClaimedUser;
import dev.culvert.relay.auth.CredentialCache;
import dev.culvert.relay.auth.CredentialStore;
import dev.culvert.relay.auth.Credentials;
import dev.culvert.relay.auth.LookupAnswer;
import dev.culvert.relay.auth.NonceKeys;
import dev.culvert.relay.auth.Nonces;
import dev.culvert.relay.auth.WaitingRequest;
import dev.culvert.server.core.Histogram;
import io.vertx.core.Context;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Where one event loop learns who may relay. Owned by that loop's thread. */
final class CredentialDesk {
    private final Authenticator authenticator;
    private final CredentialCache cache;
    private final Optional<CredentialStore> store;
    private final Histogram lookups = new Histogram();

    private CredentialDesk(Authenticator authenticator, CredentialCache cache, Optional<CredentialStore> store) {
        this.authenticator = authenticator;
        this.cache = cache;
        this.store = store;
    }

    /** @throws IllegalArgumentException as {@link Authenticator} says */
    static CredentialDesk of(String realm, Credentials credentials, NonceKeys keys, Optional<CredentialStore> store) {
        CredentialCache cache = store.map(asked -> CredentialCache.of(asked.offer(), CredentialCache.Limits.DEFAULT))
                .orElseGet(CredentialCache::withoutStores);
        return new CredentialDesk(new Authenticator(realm, credentials, cache, nonces(keys)), cache, store);
    }

    private static Nonces nonces(NonceKeys keys) {
        return new Nonces(keys, Nonces.DEFAULT_LIFETIME);
    }

    Authenticator authenticator() {
        return authenticator;
    }

    /** Asks the store; {@code resume} is called on {@code context} with the requests that waited for the answer. */
    void ask(NeedCredential needed, Context context, Consumer<List<WaitingRequest>> resume) {
        long askedNanos = System.nanoTime();
        Consumer<LookupAnswer> answer = found -> context.runOnContext(on -> {
            lookups.record(System.nanoTime() - askedNanos);
            resume.accept(answered(needed.user(), found));
        });
        try {
            store.orElseThrow().find(needed.user(), needed.deadlineNanos(), answer);
        } catch (RuntimeException e) {
            answer.accept(new LookupAnswer.Failed(e.toString()));
        }
    }

    private List<WaitingRequest> answered(ClaimedUser user, LookupAnswer answer) {
        return cache.answered(user, answer, System.nanoTime());
    }

    /** How long the store took for its answers, late ones included. */
    Histogram lookups() {
        return lookups;
    }

    /** The requests whose look-ups took too long. */
    List<WaitingRequest> expired() {
        return cache.onTimeout(System.nanoTime());
    }

    /** Goes on with what was read anew. */
    void replace(Credentials credentials, NonceKeys keys) {
        authenticator.replaceCredentials(credentials);
        authenticator.replaceNonces(nonces(keys));
        cache.forget();
    }
}
