package dev.culvert.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.server.config.ServerConfig.AdminTls;
import dev.culvert.server.config.ServerConfig.TlsIdentity;
import dev.culvert.server.io.TestCertificate;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may reach the admin server, as it is configured. */
class AdminSettingsTest {
    @TempDir
    private Path folder;

    @Test
    void beyondLoopbackSomethingMustBeShown() throws Exception {
        TestCertificate own = TestCertificate.named("own", folder);

        Invocation open = Invocation.of("check", "--admin", "203.0.113.5:9642");
        Invocation byCertificate = Invocation.of(
                "--admin",
                "203.0.113.5:9642",
                "--admin-client-ca",
                own.certificateFile(),
                "--admin-tls-certificate",
                own.certificateFile(),
                "--admin-tls-key",
                own.keyFile());

        assertThat(open.errors())
                .containsExactly(
                        "stun-server: --admin \"203.0.113.5:9642\": reachable from other hosts without a token;"
                                + " give --admin-token-file or --admin-client-ca, or 127.0.0.1");
        assertThat(byCertificate.config().admin().tls())
                .contains(new AdminTls(
                        new TlsIdentity(own.certificateFile(), own.keyFile()), Optional.of(own.certificateFile())));
    }

    @Test
    void withoutACertificateOfItsOwnTheServersIsTaken() throws Exception {
        TestCertificate own = TestCertificate.named("own", folder);

        Invocation without = Invocation.of("check", "--admin-client-ca", own.certificateFile());
        Invocation with = Invocation.of(
                "--admin-client-ca",
                own.certificateFile(),
                "--tls-certificate",
                own.certificateFile(),
                "--tls-key",
                own.keyFile());

        assertThat(without.errors()).singleElement().asString().contains("TLS needs a certificate of the server too");
        assertThat(with.config().admin().tls().map(AdminTls::identity))
                .contains(new TlsIdentity(own.certificateFile(), own.keyFile()));
        assertThat(with.config().admin().takesCertificates()).isTrue();
    }

    @Test
    void certificateAndKeyBelongTogether() throws Exception {
        TestCertificate one = TestCertificate.named("one", folder);
        TestCertificate other = TestCertificate.named("other", folder);

        Invocation alone = Invocation.of("check", "--admin-tls-certificate", one.certificateFile());
        Invocation mixed = Invocation.of(
                "check", "--admin-tls-certificate", one.certificateFile(), "--admin-tls-key", other.keyFile());

        assertThat(alone.errors()).singleElement().asString().contains("has no key; give both");
        assertThat(mixed.errors())
                .singleElement()
                .asString()
                .contains("not the private key of " + one.certificateFile());
    }
}
