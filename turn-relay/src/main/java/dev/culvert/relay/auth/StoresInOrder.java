package dev.culvert.relay.auth;

import java.util.List;
import java.util.function.Consumer;

/** Several stores as one. */
record StoresInOrder(List<CredentialStore> stores, SecurityOffer offer) implements CredentialStore {
    static StoresInOrder of(List<CredentialStore> stores) {
        SecurityOffer offer = stores.stream().map(CredentialStore::offer).reduce(SecurityOffer.ALL, SecurityOffer::and);
        return new StoresInOrder(List.copyOf(stores), offer);
    }

    @Override
    public void find(ClaimedUser user, long deadlineNanos, Consumer<LookupAnswer> answer) {
        findFrom(0, user, deadlineNanos, answer);
    }

    private void findFrom(int index, ClaimedUser user, long deadlineNanos, Consumer<LookupAnswer> answer) {
        if (index == stores.size()) {
            answer.accept(new LookupAnswer.Unknown());
            return;
        }
        stores.get(index).find(user, deadlineNanos, result -> {
            if (result instanceof LookupAnswer.Unknown) {
                findFrom(index + 1, user, deadlineNanos, answer);
                return;
            }
            answer.accept(result);
        });
    }
}
