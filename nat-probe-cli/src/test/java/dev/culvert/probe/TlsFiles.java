package dev.culvert.probe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/** PEM files of a self-signed certificate for localhost, made by the JDK's keytool. */
record TlsFiles(String certificate, String key) {
    private static final String PASSWORD = "changeit";

    static TlsFiles valid(Path folder) throws IOException, GeneralSecurityException {
        return create(folder, "-1d");
    }

    static TlsFiles expired(Path folder) throws IOException, GeneralSecurityException {
        return create(folder, "-60d");
    }

    /** A certificate for 30 days from {@code start}. */
    private static TlsFiles create(Path folder, String start) throws IOException, GeneralSecurityException {
        Path store = folder.resolve("keys.p12");
        Files.deleteIfExists(store);
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        List<String> command =
                List.of((keytool + " -genkeypair -alias server -keyalg EC -groupname secp256r1 -dname CN=localhost"
                                + " -ext SAN=dns:localhost -startdate " + start + " -validity 30 -storetype PKCS12"
                                + " -storepass " + PASSWORD + " -keystore " + store)
                        .split(" "));
        int exit = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .onExit()
                .join()
                .exitValue();
        if (exit != 0) {
            throw new IOException("keytool ended with " + exit);
        }
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        return new TlsFiles(
                pem(folder, "CERTIFICATE", keys.getCertificate("server").getEncoded()),
                pem(
                        folder,
                        "PRIVATE KEY",
                        keys.getKey("server", PASSWORD.toCharArray()).getEncoded()));
    }

    private static String pem(Path folder, String type, byte[] der) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Path file = folder.resolve(type.replace(' ', '-') + ".pem");
        Files.writeString(file, "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n");
        return file.toString();
    }
}
