package dev.culvert.stun.integrity;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;

/** The hash functions of STUN. Which provider has them is looked up once. */
final class Digests {
    private static final Provider MD5 = provider("MD5");
    private static final Provider SHA_1 = provider("SHA-1");
    private static final Provider SHA_256 = provider("SHA-256");

    private Digests() {}

    static MessageDigest md5() {
        return digest("MD5", MD5);
    }

    static MessageDigest sha1() {
        return digest("SHA-1", SHA_1);
    }

    static MessageDigest sha256() {
        return digest("SHA-256", SHA_256);
    }

    private static MessageDigest digest(String algorithm, Provider provider) {
        try {
            return MessageDigest.getInstance(algorithm, provider);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }

    private static Provider provider(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm).getProvider();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }
}
