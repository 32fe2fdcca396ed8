package dev.culvert.ice.gather;

import dev.culvert.stun.IpAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * Foundations of one ICE session (RFC 8445 §5.1.1.3). All data streams of a session share one instance, so that
 * candidates that are alike have one foundation in all of them; another session tells nothing of this one.
 */
public final class Foundations {
    private static final int LENGTH_BYTES = 4;

    private final long salt;

    private Foundations(long salt) {
        this.salt = salt;
    }

    /** Those of a new session; without the random part a foundation would tell the addresses that a name hides. */
    public static Foundations ofSession(RandomGenerator random) {
        return new Foundations(random.nextLong());
    }

    /**
     * The foundation of a candidate.
     *
     * @param base the IP address of its base
     * @param server what it was learned from: the IP address of the server, or the name of another source; empty for a
     *     host candidate
     * @param transport what carried the requests
     */
    // RFC 8445 §5.1.1.3: type, IP address of the base, IP address of the server and transport protocol make it.
    String of(CandidateType type, IpAddress base, String server, String transport) {
        String text = salt + " " + type + " " + base + " " + server + " " + transport;
        byte[] digest = sha256().digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest, 0, LENGTH_BYTES);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
