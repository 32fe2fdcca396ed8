package dev.culvert.relay.auth;

import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.PasswordAlgorithms;
import dev.culvert.stun.integrity.SecurityFeatures;
import java.util.ArrayList;
import java.util.List;

/**
 * What of RFC 8489 a store of credentials can serve to <em>every</em> user in it, and so may be offered in a challenge.
 *
 * @param md5 each credential has a key by MD5
 * @param sha256 each credential has a key by SHA-256
 * @param userhash each credential is found by USERHASH
 */
public record SecurityOffer(boolean md5, boolean sha256, boolean userhash) {
    /** Everything: what a store without users can serve, and what other offers narrow. */
    public static final SecurityOffer ALL = new SecurityOffer(true, true, true);

    private static final int USERHASH = 1;
    private static final int SHA_256 = 2;
    private static final int MD5 = 4;

    static SecurityOffer ofBits(int bits) {
        return new SecurityOffer((bits & MD5) != 0, (bits & SHA_256) != 0, (bits & USERHASH) != 0);
    }

    /** What both can serve. */
    public SecurityOffer and(SecurityOffer other) {
        return new SecurityOffer(md5 && other.md5, sha256 && other.sha256, userhash && other.userhash);
    }

    /** Whether no algorithm is left, so that nobody can be challenged. */
    public boolean lacksAlgorithm() {
        return !md5 && !sha256;
    }

    /** The algorithms in the order of preference. */
    public PasswordAlgorithms passwordAlgorithms() {
        List<PasswordAlgorithm> algorithms = new ArrayList<>(2);
        if (sha256) {
            algorithms.add(PasswordAlgorithm.SHA_256);
        }
        if (md5) {
            algorithms.add(PasswordAlgorithm.MD5);
        }
        return new PasswordAlgorithms(algorithms);
    }

    /** The bits of the nonce cookie. */
    SecurityFeatures features() {
        // RFC 8489 §9.2.4: the bit is set whenever PASSWORD-ALGORITHMS is sent, which is in each challenge, for answers
        // with 401 to a wrong name and with 438 must carry it.
        return new SecurityFeatures(true, userhash);
    }

    int bits() {
        return (md5 ? MD5 : 0) | (sha256 ? SHA_256 : 0) | (userhash ? USERHASH : 0);
    }
}
