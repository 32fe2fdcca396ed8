package dev.culvert.relay.core;

import dev.culvert.server.core.TokenBucket;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who has how many allocations and reservations, and the bucket of what each user relays. Guarded by the ledger's lock. */
final class Users {
    /** Buckets of users who have gone are kept in this many places, whoever and however many they are. */
    private static final int PLACES = 4096;

    private final Map<String, User> users = new HashMap<>();

    /**
     * Whoever has gone and comes back finds the bucket as it was, or going and coming would fill it. Where two share a
     * place the earlier one is forgotten.
     */
    private final Map<Integer, TokenBucket> gone = new HashMap<>();

    private static final class User {
        final TokenBucket bucket;
        int units;

        User(TokenBucket bucket) {
            this.bucket = bucket;
        }
    }

    /** How many there are. */
    int size() {
        return users.size();
    }

    int units(String userId) {
        User user = users.get(userId);
        return user == null ? 0 : user.units;
    }

    /** A copy of how many each has. */
    Map<String, Integer> units() {
        Map<String, Integer> units = new HashMap<>(2 * users.size());
        users.forEach((userId, user) -> units.put(userId, user.units));
        return units;
    }

    void add(String userId) {
        users.computeIfAbsent(userId, this::come).units++;
    }

    private User come(String userId) {
        TokenBucket before = gone.remove(place(userId));
        return new User(before == null ? new TokenBucket() : before);
    }

    void remove(String userId) {
        users.computeIfPresent(userId, this::less);
    }

    private @Nullable User less(String userId, User user) {
        user.units--;
        if (user.units > 0) {
            return user;
        }
        gone.put(place(userId), user.bucket);
        return null;
    }

    /** The bucket of a user who has at least one unit. */
    TokenBucket bucket(String userId) {
        User user = users.get(userId);
        if (user == null) {
            throw new IllegalStateException("not admitted: " + userId);
        }
        return user.bucket;
    }

    private static int place(String userId) {
        return Math.floorMod(userId.hashCode(), PLACES);
    }
}
