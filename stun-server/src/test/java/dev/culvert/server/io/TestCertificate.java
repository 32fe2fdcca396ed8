package dev.culvert.server.io;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A self-signed certificate with its key as PEM files, made by the JDK's keytool. */
public record TestCertificate(String certificateFile, String keyFile) {
    public static TestCertificate named(String name, Path folder) throws IOException, GeneralSecurityException {
        return make(name, folder, "EC", "-groupname", "secp256r1");
    }

    /** The same with a key that cipher suites of RSA sign with. */
    public static TestCertificate rsa(String name, Path folder) throws IOException, GeneralSecurityException {
        return make(name, folder, "RSA", "-keysize", "2048");
    }

    private static TestCertificate make(String name, Path folder, String... algorithm)
            throws IOException, GeneralSecurityException {
        Path store = folder.resolve(name + ".p12");
        runKeytool(name, store, algorithm);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "changeit".toCharArray());
        }
        Key key = keys.getKey("server", "changeit".toCharArray());
        return new TestCertificate(
                pem(
                        folder.resolve(name + ".crt"),
                        "CERTIFICATE",
                        keys.getCertificate("server").getEncoded()),
                pem(folder.resolve(name + ".key"), "PRIVATE KEY", key.getEncoded()));
    }

    private static void runKeytool(String name, Path store, String... algorithm) throws IOException {
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        List<String> command = new ArrayList<>(List.of(keytool, "-genkeypair", "-alias", "server", "-keyalg"));
        command.addAll(List.of(algorithm));
        command.addAll(List.of("-dname", "CN=" + name, "-ext", "SAN=dns:" + name, "-validity", "30"));
        command.addAll(List.of("-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", "changeit"));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (process.waitFor() != 0) {
                throw new IOException("keytool ended with " + process.exitValue());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static String pem(Path file, String type, byte[] der) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        String text = "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
        try (FileOutputStream out = new FileOutputStream(file.toFile())) {
            out.write(text.getBytes(StandardCharsets.US_ASCII));
        }
        return file.toString();
    }
}
