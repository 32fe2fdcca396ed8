package dev.culvert.relay.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.List;

/**
 * A self-signed certificate for 127.0.0.1, {@code ::1}, localhost and whoever else is named, made by openssl; clients trust
 * it as its own CA.
 *
 * @param certificate the file, PEM
 * @param key its private key, PEM
 */
record TestCertificate(Path certificate, Path key) {
    /** Makes files that are called {@code name}; {@code more} are host names. */
    static TestCertificate make(Path folder, String name, String... more) throws IOException, InterruptedException {
        TestCertificate made = new TestCertificate(folder.resolve(name + ".crt"), folder.resolve(name + ".key"));
        StringBuilder names = new StringBuilder("subjectAltName=IP:127.0.0.1,IP:::1,DNS:localhost");
        List.of(more).forEach(host -> names.append(",DNS:").append(host));
        List<String> command = List.of(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "30",
                "-subj",
                "/CN=localhost",
                "-addext",
                names.toString(),
                "-keyout",
                made.key.toString(),
                "-out",
                made.certificate.toString());
        try (Program openssl = Program.start(Launcher.HERE, folder, "openssl", command)) {
            if (openssl.exitCode(Program.PATIENCE) != 0) {
                throw new AssertionError(openssl.toString());
            }
        }
        return made;
    }

    /** Base64 of the SHA-256 of the public key, as Chromium wants to be told whom to trust. */
    String publicKeyHash() throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(certificate)) {
            Certificate parsed = CertificateFactory.getInstance("X.509").generateCertificate(in);
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(parsed.getPublicKey().getEncoded());
            return Base64.getEncoder().encodeToString(hash);
        }
    }
}
