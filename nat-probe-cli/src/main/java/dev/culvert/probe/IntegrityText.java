package dev.culvert.probe;

import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.MessageIntegrity;
import dev.culvert.stun.attribute.MessageIntegritySha256;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.Username;
import dev.culvert.stun.integrity.IntegrityCheck;
import dev.culvert.stun.integrity.IntegrityKey;
import dev.culvert.stun.integrity.IntegrityMac;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Checks the integrity of messages with a password. Remembers USERNAME and REALM per pair of endpoints, since responses
 * do not repeat them.
 */
final class IntegrityText {
    private static final int SHORTEST_SHA256 = 16;

    private final String password;
    private final Optional<String> givenUser;
    private final Optional<String> givenRealm;
    private final IntegrityMac mac = new IntegrityMac();
    private final Map<Set<TransportAddress>, String> users = new HashMap<>();
    private final Map<Set<TransportAddress>, String> realms = new HashMap<>();

    IntegrityText(String password, Optional<String> user, Optional<String> realm) {
        this.password = password;
        givenUser = user;
        givenRealm = realm;
    }

    /**
     * What the check came to, or nothing where {@code message} is not protected.
     *
     * @param pair its two endpoints; empty where they are not known
     */
    Optional<String> check(StunMessage message, Set<TransportAddress> pair) {
        message.get(Username.TYPE).ifPresent(user -> users.put(pair, user.name()));
        message.get(Realm.TYPE).ifPresent(realm -> realms.put(pair, realm.name()));
        if (!message.has(MessageIntegrity.TYPE) && !message.has(MessageIntegritySha256.TYPE)) {
            return Optional.empty();
        }
        Map<String, IntegrityKey> keys = keys(pair);
        for (Map.Entry<String, IntegrityKey> key : keys.entrySet()) {
            if (isValid(message, key.getValue())) {
                return Optional.of("valid (" + key.getKey() + ")");
            }
        }
        return Optional.of("NOT valid with this password (tried " + String.join(", ", keys.keySet()) + ")");
    }

    private boolean isValid(StunMessage message, IntegrityKey key) {
        List<IntegrityCheck> checks =
                List.of(mac.verify(message, key), mac.verifySha256(message, key, SHORTEST_SHA256));
        return checks.contains(IntegrityCheck.VALID) && !checks.contains(IntegrityCheck.INVALID);
    }

    private Map<String, IntegrityKey> keys(Set<TransportAddress> pair) {
        Map<String, IntegrityKey> keys = new LinkedHashMap<>();
        Optional<String> user = givenUser.or(() -> Optional.ofNullable(users.get(pair)));
        Optional<String> realm = givenRealm.or(() -> Optional.ofNullable(realms.get(pair)));
        if (user.isPresent() && realm.isPresent()) {
            String of = "long-term key of " + user.get() + " at " + realm.get();
            keys.put(of + ", MD5", IntegrityKey.longTerm(PasswordAlgorithm.MD5, user.get(), realm.get(), password));
            keys.put(
                    of + ", SHA-256",
                    IntegrityKey.longTerm(PasswordAlgorithm.SHA_256, user.get(), realm.get(), password));
        }
        keys.put("short-term key", IntegrityKey.shortTerm(password));
        return keys;
    }
}
