package dev.culvert.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.server.io.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of certificates and keys before anything starts. */
class TlsSettingsTest {
    @TempDir
    Path directory;

    @Test
    void tlsFilesMustHoldWhatTheyAreNamedFor() throws IOException {
        Path empty = file("empty.pem", "");
        Path noise = file("noise.pem", "-----BEGIN CERTIFICATE-----\nnoise\n-----END CERTIFICATE-----\n");

        for (Path certificate : List.of(empty, noise)) {
            Invocation failed =
                    Invocation.of("--listen=tls:*:5349", "--tls-certificate=" + certificate, "--tls-key=" + noise);

            assertThat(failed.errors())
                    .containsExactly(
                            "stun-server: --tls-key \"" + noise
                                    + "\": does not hold a PEM private key; name another file",
                            "stun-server: --tls-certificate \"" + certificate
                                    + "\": does not hold a PEM certificate; name another file");
        }
    }

    @Test
    void aKeyMustBeThatOfItsCertificate() throws Exception {
        TestCertificate one = TestCertificate.named("one.example.org", directory);
        TestCertificate two = TestCertificate.named("two.example.org", directory);
        String[] options = {
            "check", "--listen=tls:*:5349", "--tls-certificate=" + one.certificateFile(), "--tls-key=" + two.keyFile()
        };

        Invocation failed = Invocation.of(options);

        assertThat(failed.exitCode()).isEqualTo(2);
        assertThat(failed.errors())
                .containsExactly("stun-server: --tls-key \"" + two.keyFile() + "\": not the private key of "
                        + one.certificateFile() + "; name the unencrypted key of that certificate");
        options[3] = "--tls-key=" + one.keyFile();
        assertThat(Invocation.of(options).exitCode()).isZero();
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }
}
