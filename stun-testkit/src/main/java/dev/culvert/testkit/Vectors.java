package dev.culvert.testkit;

import java.util.HexFormat;

/** The messages that RFC 5769 and RFC 8489 publish for tests; every call returns a fresh copy. */
public final class Vectors {
    /** Password of the short-term vectors of RFC 5769 (§2.1 to §2.3). */
    public static final String SHORT_TERM_PASSWORD = "VOkJxbRl1RmTxUk/WvJxBt";

    /** Username of RFC 5769 §2.1. */
    public static final String SHORT_TERM_USERNAME = "evtj:h6vY";

    /** Username of the long-term vectors (RFC 5769 §2.4, RFC 8489 B.1). */
    public static final String LONG_TERM_USERNAME = "\u30DE\u30C8\u30EA\u30C3\u30AF\u30B9";

    /** Password of the long-term vectors, as a user types it. */
    public static final String LONG_TERM_PASSWORD = "The\u00ADM\u00AAtr\u2168";

    /** The same password after SASLprep. */
    public static final String LONG_TERM_PASSWORD_PREPARED = "TheMatrIX";

    /** Realm of the long-term vectors. */
    public static final String LONG_TERM_REALM = "example.org";

    /** Nonce of RFC 5769 §2.4. */
    public static final String LONG_TERM_NONCE = "f//499k954d6OL34oL9FSTvy64sA";

    /** Nonce of RFC 8489 B.1, with its cookie. */
    public static final String SHA256_NONCE = "obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA";

    private Vectors() {}

    /** RFC 5769 §2.1: Binding request with MESSAGE-INTEGRITY and FINGERPRINT; padded with spaces. */
    public static byte[] request() {
        return bytes("rfc5769-request.hex");
    }

    /** RFC 5769 §2.2: success response with an IPv4 XOR-MAPPED-ADDRESS, 192.0.2.1:32853. */
    public static byte[] ipv4Response() {
        return bytes("rfc5769-ipv4-response.hex");
    }

    /** RFC 5769 §2.3: success response with [2001:db8:1234:5678:11:2233:4455:6677]:32853. */
    public static byte[] ipv6Response() {
        return bytes("rfc5769-ipv6-response.hex");
    }

    /** RFC 5769 §2.4: Binding request with long-term credentials and no FINGERPRINT. */
    public static byte[] longTermRequest() {
        return bytes("rfc5769-long-term-request.hex");
    }

    /**
     * RFC 8489 B.1 as it should be: Binding request with USERHASH, PASSWORD-ALGORITHM and MESSAGE-INTEGRITY-SHA256.
     *
     * <p>It has no PASSWORD-ALGORITHMS, so that a server answers 400: a vector for codecs, not a valid request.
     */
    public static byte[] sha256Request() {
        return bytes("rfc8489-b1-corrected.hex");
    }

    /** RFC 8489 B.1 as printed: its header announces 156 bytes, 136 follow (erratum 6268). */
    public static byte[] sha256RequestAsPrinted() {
        return bytes("rfc8489-b1-as-printed.hex");
    }

    /** The bytes of hexadecimal text, white space ignored. */
    public static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s+", ""));
    }

    private static byte[] bytes(String name) {
        return hex(String.join("", Resource.lines(Vectors.class, "vectors/" + name)));
    }
}
