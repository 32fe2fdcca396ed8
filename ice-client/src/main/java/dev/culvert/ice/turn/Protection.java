package dev.culvert.ice.turn;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.attribute.MessageIntegrity;
import dev.culvert.stun.attribute.MessageIntegritySha256;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.PasswordAlgorithms;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.Userhash;
import dev.culvert.stun.integrity.IntegrityCheck;
import dev.culvert.stun.integrity.IntegrityKey;
import dev.culvert.stun.integrity.IntegrityMac;
import java.util.List;

/** How a request is protected, and therefore its answer must be. */
sealed interface Protection {
    /** Appends the attributes of authentication, integrity last. */
    void sign(StunWriter writer, IntegrityMac mac);

    /** Whether {@code answer} proves that its sender knows the key. */
    boolean authenticates(StunMessage answer, IntegrityMac mac);

    /** No protection, as the first request must have it (RFC 8489 §9.2.3.1). */
    record None() implements Protection {
        @Override
        public void sign(StunWriter writer, IntegrityMac mac) {
            // RFC 8489 §9.2.3.1: the first request is sent as if there were no authentication.
        }

        @Override
        public boolean authenticates(StunMessage answer, IntegrityMac mac) {
            return true;
        }
    }

    /**
     * A long-term credential with the realm and nonce of a challenge (RFC 8489 §9.2.3.2).
     *
     * @param user USERNAME or USERHASH
     * @param realm of the challenge
     * @param nonce of the challenge
     * @param offered PASSWORD-ALGORITHMS of the challenge; empty where it had none
     * @param algorithm the one chosen, MD5 where none is offered
     * @param key made of username, realm and password
     */
    record LongTerm(
            Attribute user,
            Realm realm,
            Nonce nonce,
            List<PasswordAlgorithm> offered,
            PasswordAlgorithm algorithm,
            IntegrityKey key)
            implements Protection {
        @Override
        public void sign(StunWriter writer, IntegrityMac mac) {
            writer.add(user).add(realm).add(nonce);
            if (!hasAlgorithms()) {
                mac.sign(writer, key);
                return;
            }
            // RFC 8489 §9.2.5: the list with the same content, and the first algorithm of it that is supported.
            writer.add(new PasswordAlgorithms(offered)).add(algorithm);
            mac.signSha256(writer, key);
        }

        @Override
        public boolean authenticates(StunMessage answer, IntegrityMac mac) {
            // RFC 8489 §9.2.5: where the server sends PASSWORD-ALGORITHMS, only MESSAGE-INTEGRITY-SHA256 counts.
            IntegrityCheck check = hasAlgorithms() ? mac.verifySha256(answer, key) : mac.verify(answer, key);
            return check == IntegrityCheck.VALID;
        }

        /** Whether the server offered algorithms, and SHA-256 protects the message. */
        boolean hasAlgorithms() {
            return !offered.isEmpty();
        }

        /** Whether this gives away what {@code other} keeps: the stronger MAC, the stronger key, the name. */
        boolean isWeakerThan(LongTerm other) {
            return other.hasAlgorithms() && !hasAlgorithms()
                    || other.algorithm.equals(PasswordAlgorithm.SHA_256) && !algorithm.equals(PasswordAlgorithm.SHA_256)
                    || other.user instanceof Userhash && !(user instanceof Userhash);
        }
    }

    /** Whether {@code answer} carries any integrity attribute. */
    static boolean hasIntegrity(StunMessage answer) {
        return answer.has(MessageIntegrity.TYPE) || answer.has(MessageIntegritySha256.TYPE);
    }
}
