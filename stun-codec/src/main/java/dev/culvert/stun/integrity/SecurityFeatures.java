package dev.culvert.stun.integrity;

import java.util.Base64;

/**
 * The features that a server announces in its nonce, so that nobody on the path can strip them unseen (RFC 8489 §9.2.1).
 *
 * @param passwordAlgorithms the server sends PASSWORD-ALGORITHMS
 * @param usernameAnonymity the server takes USERHASH
 */
public record SecurityFeatures(boolean passwordAlgorithms, boolean usernameAnonymity) {
    /** What a nonce without cookie announces. */
    public static final SecurityFeatures NONE = new SecurityFeatures(false, false);

    private static final String COOKIE = "obMatJos2";
    private static final int BASE64_LENGTH = 4;

    // RFC 8489 appendix B.1 counts bit 0 from the right; §18.1, read literally, from the left (erratum 6290).
    private static final int PASSWORD_ALGORITHMS = 0x000001;
    private static final int USERNAME_ANONYMITY = 0x000002;
    private static final int PASSWORD_ALGORITHMS_LITERALLY = 0x800000;
    private static final int USERNAME_ANONYMITY_LITERALLY = 0x400000;

    /** The features that {@code nonce} announces, whichever end the bits are counted from. */
    public static SecurityFeatures ofNonce(String nonce) {
        int end = COOKIE.length() + BASE64_LENGTH;
        if (!nonce.startsWith(COOKIE) || nonce.length() < end) {
            return NONE;
        }
        int bits = bits(nonce.substring(COOKIE.length(), end));
        return new SecurityFeatures(
                (bits & (PASSWORD_ALGORITHMS | PASSWORD_ALGORITHMS_LITERALLY)) != 0,
                (bits & (USERNAME_ANONYMITY | USERNAME_ANONYMITY_LITERALLY)) != 0);
    }

    /** The 24 bits that {@code base64} writes; 0 where it is not base64. */
    private static int bits(String base64) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            return bytes.length == 3 ? (bytes[0] & 0xFF) << 16 | (bytes[1] & 0xFF) << 8 | (bytes[2] & 0xFF) : 0;
        } catch (IllegalArgumentException e) {
            return 0;
        }
    }

    /** The nonce cookie, with which a nonce that announces these features begins: 13 characters. */
    public String nonceCookie() {
        int bits = (passwordAlgorithms ? PASSWORD_ALGORITHMS : 0) | (usernameAnonymity ? USERNAME_ANONYMITY : 0);
        byte[] bytes = {(byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits};
        return COOKIE + Base64.getEncoder().encodeToString(bytes);
    }
}
