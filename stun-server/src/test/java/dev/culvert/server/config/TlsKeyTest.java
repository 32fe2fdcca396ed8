package dev.culvert.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.Requirements;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys in every form that OpenSSL writes. */
class TlsKeyTest {
    @TempDir
    Path folder;

    @BeforeEach
    void needsOpenssl() {
        Requirements.command("openssl");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "genrsa 2048",
                "genrsa -traditional 3072",
                "ecparam -name prime256v1 -genkey",
                "ecparam -name secp384r1 -genkey -noout",
                "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256",
                "genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048",
                "genpkey -algorithm ed25519"
            })
    void keyFitsItsOwnCertificateAndNoOther(String generate) throws Exception {
        String key = key("one.key", generate);
        PublicKey certified = certified("one.key");
        String otherKey = key("other.key", generate);

        assertThat(TlsKey.fits(certified, key)).isTrue();
        assertThat(TlsKey.fits(certified, otherKey)).isFalse();
        assertThat(TlsKey.fits(certified("other.key"), key)).isFalse();
    }

    @Test
    void whatIsNoKeyFitsNothing() throws Exception {
        String key = key("one.key", "genrsa 2048");
        PublicKey certified = certified("one.key");

        assertThat(TlsKey.fits(certified, "")).isFalse();
        assertThat(TlsKey.fits(certified, key.replace("MII", "AAA"))).isFalse();
        assertThat(TlsKey.fits(certified, key.substring(0, 200))).isFalse();
        assertThat(TlsKey.fits(certified, key("ec.key", "ecparam -name prime256v1 -genkey")))
                .isFalse();
        assertThat(TlsKey.fits(certified, key("locked.key", "genrsa -aes128 -passout pass:secret 2048")))
                .isFalse();
    }

    private String key(String file, String generate) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(generate.split(" ")));
        run(command, file);
        return Files.readString(folder.resolve(file));
    }

    private PublicKey certified(String keyFile) throws IOException, InterruptedException, CertificateException {
        String path = folder.resolve(keyFile).toString();
        run(List.of("openssl", "req", "-x509", "-key", path, "-subj", "/CN=test", "-days", "2"), keyFile + ".crt");
        try (InputStream in = Files.newInputStream(folder.resolve(keyFile + ".crt"))) {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificate(in)
                    .getPublicKey();
        }
    }

    private void run(List<String> command, String output) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(folder.resolve(output).toFile())
                .start();
        assertThat(process.waitFor()).as("%s", command).isZero();
    }
}
