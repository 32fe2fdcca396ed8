package dev.culvert.probe;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whom the certificate of a TLS server must come from. Filled by picocli. */
final class Authorities {
    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "PEM file of the authorities that a TLS server's certificate must come from.")
    @Nullable
    Path given;

    /** The file's name; empty for the authorities of the JDK. Refuses a file without certificates. */
    String file() {
        Path file = given;
        if (file == null) {
            return "";
        }
        if (!holdsCertificates(file)) {
            throw new UsageException(
                    "--ca " + file + ": holds no certificate that can be read; give a readable PEM file");
        }
        return file.toString();
    }

    private static boolean holdsCertificates(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return !CertificateFactory.getInstance("X.509")
                    .generateCertificates(in)
                    .isEmpty();
        } catch (IOException | CertificateException e) {
            return false;
        }
    }
}
