package dev.culvert.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A self-signed certificate for the TLS listeners: P-256, made by {@code openssl} for one run.
 *
 * @param chain its file
 * @param key the file of its private key
 */
record Certificate(Path chain, Path key) {
    /** @throws IOException where there is no {@code openssl}, or it fails */
    static Certificate make(Path directory) throws IOException {
        Certificate certificate = new Certificate(directory.resolve("chain.pem"), directory.resolve("key.pem"));
        List<String> command = List.of(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                "/CN=bench",
                "-days",
                "30",
                "-keyout",
                certificate.key.toString(),
                "-out",
                certificate.chain.toString());
        Path log = directory.resolve("openssl.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (process.waitFor() != 0) {
                throw new IOException("openssl made no certificate: " + Files.readString(log));
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        return certificate;
    }
}
