package dev.culvert.relay.auth;

import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes nonces and knows them again without remembering any. Mutable, owned by one thread.
 *
 * <p>A nonce is the cookie of RFC 8489 §9.2 and the base64 of these 24 bytes, 45 characters in all:
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |     Offer     |      Seconds since 1970, by the wall clock    |
 * +-+-+-+-+-+-+-+-+                                               |
 * |                                                               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |   First 128 bits of HMAC-SHA256 over the above, the client's  |
 * |   transport, IP address and port                              |
 * |                                                               |
 * |                                                               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>The wall clock dates it, since a fleet has no other clock in common.
 */
public final class Nonces {
    /**
     * How long a nonce is good unless told otherwise: the default lifetime of an allocation, so that a recorded request
     * cannot be replayed longer than what it made would last. RFC 8656 §5 allows an hour; the price of less is one round
     * trip every ten minutes.
     */
    public static final Duration DEFAULT_LIFETIME = Duration.ofMinutes(10);

    /** How far the clocks of a fleet may differ. */
    private static final long MAX_SKEW_SECONDS = 60;

    private static final String ALGORITHM = "HmacSHA256";
    private static final int COOKIE_LENGTH = 13;
    private static final int STAMP_LENGTH = 8;
    private static final int TAG_LENGTH = 16;
    private static final int BASE64_LENGTH = (STAMP_LENGTH + TAG_LENGTH) / 3 * 4;
    private static final int OFFER_SHIFT = 56;
    private static final long SECONDS_MASK = (1L << OFFER_SHIFT) - 1;
    private static final NonceCheck FOREIGN = new NonceCheck.Foreign();

    /** That of the current key first. */
    private final List<Mac> macs;

    private final long lifetimeSeconds;
    private final ByteBuffer input = ByteBuffer.allocate(STAMP_LENGTH + 1 + 1 + 16 + 2);
    private final byte[] tag = new byte[32];

    /**
     * Nonces under {@code keys}.
     *
     * @param lifetime how long each is good, at least a second
     */
    public Nonces(NonceKeys keys, Duration lifetime) {
        if (lifetime.toSeconds() < 1) {
            throw new IllegalArgumentException("a nonce lives at least a second, not " + lifetime);
        }
        this.macs = keys.keys().stream().map(Nonces::mac).toList();
        this.lifetimeSeconds = lifetime.toSeconds();
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /** A nonce for the client of {@code flow}, which carries {@code offer} with it. */
    String issue(FiveTuple flow, SecurityOffer offer, long epochSeconds) {
        long stamp = (long) offer.bits() << OFFER_SHIFT | epochSeconds & SECONDS_MASK;
        calculate(macs.get(0), flow, stamp);
        ByteBuffer bytes =
                ByteBuffer.allocate(STAMP_LENGTH + TAG_LENGTH).putLong(stamp).put(tag, 0, TAG_LENGTH);
        // RFC 8489 §9.2: the nonce begins with the cookie of the features that are offered.
        return offer.features().nonceCookie() + Base64.getEncoder().encodeToString(bytes.array());
    }

    /** What {@code nonce} is, coming from the client of {@code flow}. */
    NonceCheck check(String nonce, FiveTuple flow, long epochSeconds) {
        if (nonce.length() != COOKIE_LENGTH + BASE64_LENGTH) {
            return FOREIGN;
        }
        byte[] bytes = decoded(nonce.substring(COOKIE_LENGTH));
        if (bytes.length != STAMP_LENGTH + TAG_LENGTH) {
            return FOREIGN;
        }
        long stamp = ByteBuffer.wrap(bytes).getLong();
        SecurityOffer offer = SecurityOffer.ofBits((int) (stamp >>> OFFER_SHIFT));
        boolean isOurs =
                hasTag(bytes, flow, stamp) && nonce.startsWith(offer.features().nonceCookie());
        if (!isOurs) {
            return FOREIGN;
        }
        long ageSeconds = epochSeconds - (stamp & SECONDS_MASK);
        return new NonceCheck.Ours(offer, ageSeconds < lifetimeSeconds && ageSeconds >= -MAX_SKEW_SECONDS);
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    /** Compares in constant time, under the current key and under the one before. */
    private boolean hasTag(byte[] nonce, FiveTuple flow, long stamp) {
        boolean found = false;
        for (Mac mac : macs) {
            calculate(mac, flow, stamp);
            int difference = 0;
            for (int i = 0; i < TAG_LENGTH; i++) {
                difference |= tag[i] ^ nonce[STAMP_LENGTH + i];
            }
            found |= difference == 0;
        }
        return found;
    }

    /** Leaves in {@link #tag} the MAC of a nonce. */
    private void calculate(Mac mac, FiveTuple flow, long stamp) {
        TransportAddress client = flow.remote();
        input.clear();
        input.putLong(stamp)
                .put((byte) number(flow.transport()))
                .put((byte) client.ip().family().number())
                .putLong(client.ip().high())
                .putLong(client.ip().low())
                .putShort((short) client.port());
        mac.update(input.array());
        try {
            mac.doFinal(tag, 0);
        } catch (ShortBufferException e) {
            throw new IllegalStateException("32 bytes hold SHA-256", e);
        }
    }

    /** Numbers that servers of different versions agree on. */
    private static int number(Transport transport) {
        return switch (transport) {
            case UDP -> 1;
            case TCP -> 2;
            case TLS -> 3;
        };
    }
}
