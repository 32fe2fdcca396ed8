package dev.culvert.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culvert.server.config.ServerConfig.TlsIdentity;
import dev.culvert.server.io.TestCertificate;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificatesTest {
    @TempDir
    private Path folder;

    @Test
    void eachFileIsShownWithTheDaysThatAreLeft() throws Exception {
        TestCertificate certificate = TestCertificate.named("turn.example.org", folder);
        TlsIdentity sound = new TlsIdentity(certificate.certificateFile(), certificate.keyFile());
        TlsIdentity gone = new TlsIdentity(folder.resolve("gone.pem").toString(), certificate.keyFile());
        Certificates certificates = new Certificates(List.of(sound, gone), Clock.systemUTC());

        JsonNode shown = certificates.show();

        assertThat(shown.at("/0/subject").asText()).isEqualTo("CN=turn.example.org");
        assertThat(shown.at("/0/daysLeft").asInt()).isEqualTo(29);
        assertThat(shown.at("/1/problem").asText()).contains("cannot be read");
        assertThat(shown.at("/1").has("daysLeft")).isFalse();
    }
}
