package dev.culvert.relay.auth;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.integrity.IntegrityKey;
import dev.culvert.stun.integrity.IntegrityMac;
import java.util.List;

/** What came of checking who sent a request (RFC 8489 §9.2.4). */
public sealed interface Authentication {
    /**
     * The sender has the password of {@code credential}.
     *
     * @param credential whose the request is
     * @param key what protected the request and protects its answer
     * @param answersWithSha256 whether the answer carries MESSAGE-INTEGRITY-SHA256 rather than MESSAGE-INTEGRITY
     */
    record Authenticated(Credential credential, IntegrityKey key, boolean answersWithSha256) implements Authentication {
        /** Appends to an answer the integrity that its client expects; only FINGERPRINT may follow. */
        public void sign(StunWriter answer, IntegrityMac mac) {
            if (answersWithSha256) {
                mac.signSha256(answer, key);
                return;
            }
            mac.sign(answer, key);
        }
    }

    /**
     * The request is answered with an error, without integrity.
     *
     * @param reason what is wrong
     * @param attributes all that the answer holds: ERROR-CODE, and in a challenge REALM, NONCE and PASSWORD-ALGORITHMS
     */
    record Refused(Reason reason, List<Attribute> attributes) implements Authentication {
        public Refused {
            attributes = List.copyOf(attributes);
        }

        /** Appends all attributes to an answer. */
        public void write(StunWriter answer) {
            attributes.forEach(answer::add);
        }
    }

    /**
     * The credential is not in memory. The request waits in the {@link CredentialCache}; the store is to be asked, and
     * what it answers is for {@link CredentialCache#answered}.
     *
     * @param user whom to ask the store for
     * @param deadlineNanos until when it may answer
     */
    record NeedCredential(ClaimedUser user, long deadlineNanos) implements Authentication {}

    /** The request waits for a credential for which the store is being asked, or is a retransmission of one that does. */
    record Waiting() implements Authentication {}

    /** Why a request is refused. */
    enum Reason {
        /** It carries no integrity, as each client's first request: not a failure, an invitation. */
        CHALLENGED(401),
        /** It lacks an attribute, has one too many, or one that does not decode. */
        INCOMPLETE(400),
        /** Its password algorithms are not those that were offered: somebody on the path may have changed the offer. */
        BID_DOWN(400),
        UNKNOWN_USER(401),
        WRONG_PASSWORD(401),
        EXPIRED_CREDENTIAL(401),
        /** Its nonce was ours, and is too old. */
        STALE_NONCE(438),
        /** Its nonce was made for another client, by somebody else, or under a key that is no more. */
        FOREIGN_NONCE(438),
        /** The store of credentials does not answer. */
        STORE_FAILED(500),
        /** Too many requests wait for the store of credentials. */
        STORE_BUSY(500);

        private final int code;

        Reason(int code) {
            this.code = code;
        }

        /** The error code of the answer. */
        public int code() {
            return code;
        }

        boolean isChallenge() {
            return code == 401 || code == 438;
        }
    }
}
