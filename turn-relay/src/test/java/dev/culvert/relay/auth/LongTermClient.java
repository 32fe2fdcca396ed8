package dev.culvert.relay.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.PasswordAlgorithms;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.stun.attribute.Username;
import dev.culvert.stun.integrity.IntegrityCheck;
import dev.culvert.stun.integrity.IntegrityKey;
import dev.culvert.stun.integrity.IntegrityMac;
import dev.culvert.stun.integrity.SecurityFeatures;
import dev.culvert.stun.integrity.Userhashes;
import java.util.ArrayList;
import java.util.List;

/** A client with a name and a password, which keeps the client's rules of RFC 8489 §9.2, or those of RFC 5389 alone. */
final class LongTermClient {
    private final String username;
    private final String password;
    private final List<PasswordAlgorithm> supported;

    private List<Attribute> credential = List.of();
    private IntegrityKey key = IntegrityKey.of(new byte[1]);
    private boolean usesSha256;

    private LongTermClient(String username, String password, List<PasswordAlgorithm> supported) {
        this.username = username;
        this.password = password;
        this.supported = supported;
    }

    static LongTermClient ofRfc5389(String username, String password) {
        return new LongTermClient(username, password, List.of());
    }

    static LongTermClient ofRfc8489(String username, String password, PasswordAlgorithm... supported) {
        return new LongTermClient(username, password, List.of(supported));
    }

    /** The next request: bare at first, with the credential once there was a challenge. */
    StunMessage request() {
        List<Attribute> attributes = new ArrayList<>(List.of(new RequestedTransport(RequestedTransport.UDP)));
        attributes.addAll(credential);
        return credential.isEmpty() ? Messages.bare(attributes) : Messages.signed(key, usesSha256, attributes);
    }

    /** What this client adds to its requests after the last challenge. */
    List<Attribute> credential() {
        return credential;
    }

    IntegrityKey key() {
        return key;
    }

    /** Takes a 401 or 438 (RFC 8489 §9.2.5). */
    void onChallenge(StunMessage answer) {
        assertThat(answer.get(ErrorCode.TYPE).orElseThrow().code()).isIn(401, 438);
        Realm realm = answer.get(Realm.TYPE).orElseThrow();
        Nonce nonce = answer.get(Nonce.TYPE).orElseThrow();
        if (supported.isEmpty()) {
            credential = List.of(new Username(username), realm, nonce);
            key = IntegrityKey.longTerm(username, realm.name(), password);
            return;
        }
        SecurityFeatures features = SecurityFeatures.ofNonce(nonce.text());
        assertThat(features.passwordAlgorithms())
                .as("nobody stripped PASSWORD-ALGORITHMS")
                .isEqualTo(answer.has(PasswordAlgorithms.TYPE));
        PasswordAlgorithms offered = answer.get(PasswordAlgorithms.TYPE).orElseThrow();
        PasswordAlgorithm chosen = offered.algorithms().stream()
                .filter(supported::contains)
                .findFirst()
                .orElseThrow();
        Attribute user = features.usernameAnonymity() ? Userhashes.of(username, realm.name()) : new Username(username);
        credential = List.of(user, realm, nonce, offered, chosen);
        key = IntegrityKey.longTerm(chosen, username, realm.name(), password);
        usesSha256 = true;
    }

    /** What the integrity of {@code answer} is to this client: it trusts nothing else. */
    IntegrityCheck verify(StunMessage answer) {
        IntegrityMac mac = new IntegrityMac();
        return supported.isEmpty() ? mac.verify(answer, key) : mac.verifySha256(answer, key);
    }
}
