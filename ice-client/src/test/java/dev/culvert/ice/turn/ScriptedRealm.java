package dev.culvert.ice.turn;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.PasswordAlgorithms;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.Userhash;
import dev.culvert.stun.attribute.Username;
import dev.culvert.stun.integrity.IntegrityCheck;
import dev.culvert.stun.integrity.IntegrityKey;
import dev.culvert.stun.integrity.IntegrityMac;
import dev.culvert.stun.integrity.SecurityFeatures;
import dev.culvert.stun.integrity.Userhashes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The server's side of the long-term credential mechanism, for tests, with one user. */
public final class ScriptedRealm {
    public static final LongTermCredential USER = new LongTermCredential("alice", "wonderland");

    String name = "example.org";
    String password = USER.password();
    List<PasswordAlgorithm> offered = List.of();
    boolean anonymity;
    /** Sends a nonce that announces algorithms, and no algorithms. */
    boolean strips;

    private final IntegrityMac mac = new IntegrityMac();
    private int nonceNumber;

    /** A realm with the one user, and weak algorithms only until told otherwise. */
    public ScriptedRealm() {}

    void renewNonce() {
        nonceNumber++;
    }

    String nonce() {
        SecurityFeatures features = new SecurityFeatures(!offered.isEmpty(), anonymity);
        return (features.equals(SecurityFeatures.NONE) ? "" : features.nonceCookie()) + "nonce-" + nonceNumber;
    }

    /** The error that {@code request} gets for its credentials; empty where they are good. */
    public Optional<ByteBuffer> check(StunMessage request) {
        if (!Protection.hasIntegrity(request)) {
            return Optional.of(challenge(request, 401));
        }
        if (!request.get(Nonce.TYPE).orElseThrow().text().equals(nonce())) {
            return Optional.of(challenge(request, 438));
        }
        List<PasswordAlgorithm> echoed = request.get(PasswordAlgorithms.TYPE)
                .map(PasswordAlgorithms::algorithms)
                .orElse(List.of());
        boolean isGood = isKnownUser(request) && echoed.equals(offered) && isIntact(request);
        return isGood ? Optional.empty() : Optional.of(challenge(request, 401));
    }

    private boolean isKnownUser(StunMessage request) {
        if (anonymity) {
            return request.get(Userhash.TYPE).equals(Optional.of(Userhashes.of(USER.username(), name)))
                    && !request.has(Username.TYPE);
        }
        return request.get(Username.TYPE).equals(Optional.of(new Username(USER.username())));
    }

    private boolean isIntact(StunMessage request) {
        IntegrityKey key = keyOf(request);
        IntegrityCheck check = offered.isEmpty() ? mac.verify(request, key) : mac.verifySha256(request, key);
        return check == IntegrityCheck.VALID;
    }

    private IntegrityKey keyOf(StunMessage request) {
        PasswordAlgorithm algorithm = request.get(PasswordAlgorithm.TYPE).orElse(PasswordAlgorithm.MD5);
        return IntegrityKey.longTerm(algorithm, USER.username(), name, password);
    }

    ByteBuffer challenge(StunMessage request, int code) {
        List<Attribute> attributes = new ArrayList<>();
        attributes.add(ErrorCode.of(code));
        attributes.add(new Realm(name));
        attributes.add(new Nonce(nonce()));
        if (!offered.isEmpty() && !strips) {
            attributes.add(new PasswordAlgorithms(offered));
        }
        return unsigned(request, MessageClass.ERROR_RESPONSE, attributes);
    }

    /** An answer as the server that knows the password signs it. */
    public ByteBuffer reply(StunMessage request, MessageClass messageClass, List<Attribute> attributes) {
        ByteBuffer bytes = ByteBuffer.allocate(1000);
        StunWriter writer = begin(bytes, request, messageClass, attributes);
        if (offered.isEmpty()) {
            mac.sign(writer, keyOf(request));
        } else {
            mac.signSha256(writer, keyOf(request));
        }
        return bytes.flip();
    }

    /** An answer as anybody can write it. */
    public static ByteBuffer unsigned(StunMessage request, MessageClass messageClass, List<Attribute> attributes) {
        ByteBuffer bytes = ByteBuffer.allocate(3000);
        begin(bytes, request, messageClass, attributes);
        return bytes.flip();
    }

    private static StunWriter begin(
            ByteBuffer bytes, StunMessage request, MessageClass messageClass, List<Attribute> attributes) {
        StunWriter writer = new StunWriter().beginReply(bytes, messageClass, request);
        attributes.forEach(writer::add);
        return writer;
    }
}
