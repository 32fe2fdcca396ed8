package dev.culvert.relay.auth;

import java.util.List;
import java.util.function.Consumer;

/**
 * Credentials that somebody else keeps: a database, a web service. It is asked away from the event loops, and what it
 * answers is remembered in a {@link CredentialCache}.
 *
 * <p>A new kind is one class that implements this.
 */
public interface CredentialStore {
    /** What it can serve to every user in it. */
    SecurityOffer offer();

    /**
     * Looks a user up. Must not block, and calls {@code answer} exactly once, on any thread, at the latest at
     * {@code deadlineNanos}; what comes later is taken for {@link LookupAnswer.Failed}.
     *
     * @param deadlineNanos by {@link System#nanoTime()}
     */
    void find(ClaimedUser user, long deadlineNanos, Consumer<LookupAnswer> answer);

    /** Asks one store after the other until one knows the user or fails. */
    static CredentialStore inOrder(List<CredentialStore> stores) {
        return StoresInOrder.of(stores);
    }
}
