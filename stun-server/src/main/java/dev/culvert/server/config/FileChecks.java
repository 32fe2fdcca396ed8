package dev.culvert.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Optional;

/** What files must hold. */
final class FileChecks {
    private static final String KEY_MARKER = "PRIVATE KEY-----";

    private final Values values;

    FileChecks(Values values) {
        this.values = values;
    }

    /** A file with a private key. */
    void key(Setting<String> setting, int index, String file) {
        text(setting, index, file, KEY_MARKER, "does not hold a PEM private key");
    }

    /** A private key, and the certificate that it is for. */
    void pair(Setting<String> setting, int index, Certificate certificate, String certificateFile, String keyFile) {
        try {
            String pem = Files.readString(Path.of(keyFile), StandardCharsets.ISO_8859_1);
            if (pem.contains(KEY_MARKER) && !TlsKey.fits(certificate.getPublicKey(), pem)) {
                values.refuse(
                        setting,
                        index,
                        "not the private key of " + certificateFile,
                        "name the unencrypted key of that certificate");
            }
        } catch (IOException e) {
            // The look at the key's file has said so.
        }
    }

    /** The first certificate in {@code file}; a problem is noted where there is none. */
    Optional<Certificate> certificate(Setting<String> setting, int index, String file) {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            Optional<? extends Certificate> first =
                    CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                            .findFirst();
            if (first.isEmpty()) {
                values.refuse(setting, index, "does not hold a PEM certificate", "name another file");
            }
            return first.map(Certificate.class::cast);
        } catch (CertificateException e) {
            values.refuse(setting, index, "does not hold a PEM certificate", "name another file");
        } catch (IOException e) {
            values.refuse(setting, index, FileLayer.unreadable(e), "name a readable file");
        }
        return Optional.empty();
    }

    /** A file that is not blank and has {@code marker} in it. */
    void text(Setting<String> setting, int index, String file, String marker, String otherwise) {
        try {
            String text = new String(Files.readAllBytes(Path.of(file)), StandardCharsets.ISO_8859_1);
            if (!text.contains(marker) || text.isBlank()) {
                values.refuse(setting, index, otherwise, "name another file");
            }
        } catch (IOException e) {
            values.refuse(setting, index, FileLayer.unreadable(e), "name a readable file");
        }
    }
}
