package dev.culvert.relay;

import dev.culvert.relay.auth.ClaimedUser;
import dev.culvert.relay.auth.Credential;
import dev.culvert.relay.auth.CredentialStore;
import dev.culvert.relay.auth.LookupAnswer;
import dev.culvert.relay.auth.SecurityOffer;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Users whose passwords a program knows by their names. */
record PasswordLookup(String realm, Function<String, Future<Optional<String>>> passwords) implements CredentialStore {
    /** Nobody is found by a hash of a name. */
    @Override
    public SecurityOffer offer() {
        return new SecurityOffer(true, true, false);
    }

    @Override
    public void find(ClaimedUser user, long deadlineNanos, Consumer<LookupAnswer> answer) {
        if (user instanceof ClaimedUser.ByName known) {
            passwords
                    .apply(known.username())
                    .<LookupAnswer>map(password -> password.<LookupAnswer>map(found ->
                                    new LookupAnswer.Found(Credential.ofPassword(known.username(), realm, found)))
                            .orElseGet(LookupAnswer.Unknown::new))
                    .otherwise(failure -> new LookupAnswer.Failed(failure.toString()))
                    .onSuccess(answer::accept);
            return;
        }
        answer.accept(new LookupAnswer.Unknown());
    }
}
