package dev.culvert.ice.check;

import dev.culvert.ice.nat.StreamCheck;
import java.time.Instant;
import java.util.List;

/**
 * How a server fares over TLS.
 *
 * @param stream whether a Binding was answered, whatever the certificate is worth
 * @param subject whom the certificate is for; empty where none was shown
 * @param names the DNS names and IP addresses in it
 * @param notAfter when it expires; {@link Instant#EPOCH} where none was shown
 * @param checkedAt when it was looked at
 * @param problem why a careful client refuses it, in words; empty where it does not
 */
public record TlsCheck(
        StreamCheck stream, String subject, List<String> names, Instant notAfter, Instant checkedAt, String problem) {
    public TlsCheck {
        names = List.copyOf(names);
    }

    /** No certificate was shown. */
    public static TlsCheck without(StreamCheck stream, Instant checkedAt) {
        return new TlsCheck(stream, "", List.of(), Instant.EPOCH, checkedAt, "");
    }
}
