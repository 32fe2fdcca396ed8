package dev.culvert.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culvert.server.config.ServerConfig.TlsIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The certificates that a server was given, and until when they are good. Used by any thread. */
final class Certificates {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

    private final List<TlsIdentity> identities;
    private final Clock clock;
    private Instant readAt = Instant.MIN;
    private List<Expiry> read = List.of();

    /** A file and the end of the certificate in it; none where it cannot be read. */
    private record Expiry(String file, String subject, Instant notAfter) {}

    Certificates(List<TlsIdentity> identities, Clock clock) {
        this.identities = identities;
        this.clock = clock;
    }

    /** One object for each file; reads the files, but not at each call. */
    synchronized ArrayNode show() {
        Instant now = clock.instant();
        if (readAt.equals(Instant.MIN) || readAt.plus(LOOK_AGAIN).isBefore(now)) {
            readAt = now;
            read = identities.stream().map(Certificates::expiry).toList();
        }
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (Expiry each : read) {
            ObjectNode shown = all.addObject().put("file", each.file);
            if (each.notAfter.equals(Instant.MIN)) {
                shown.put("problem", "cannot be read as a PEM certificate");
                continue;
            }
            shown.put("subject", each.subject)
                    .put("notAfter", each.notAfter.toString())
                    .put("daysLeft", Duration.between(now, each.notAfter).toDays());
        }
        return all;
    }

    private static Expiry expiry(TlsIdentity identity) {
        String file = identity.certificateFile();
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            X509Certificate certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            return new Expiry(
                    file,
                    certificate.getSubjectX500Principal().getName(),
                    certificate.getNotAfter().toInstant());
        } catch (IOException | CertificateException e) {
            return new Expiry(file, "", Instant.MIN);
        }
    }
}
