package dev.culvert.relay.doctor;

import static dev.culvert.relay.doctor.FakeHost.PUBLIC;
import static dev.culvert.relay.doctor.FakeHost.ip;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.Requirements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that openssl makes, good for 90 days. */
class CertificateCheckTest {
    private final FakeHost host = new FakeHost();

    @TempDir
    Path folder;

    @BeforeEach
    void needsOpenssl() {
        Requirements.command("openssl");
        host.now = Instant.now().plus(1, ChronoUnit.HOURS);
        host.names.put("turn.example.org", List.of(ip(PUBLIC)));
    }

    @Test
    void aChainForANameThatLeadsHereIsFine() throws Exception {
        issued();

        assertThat(about("certificate", "both"))
                .singleElement()
                .asString()
                .startsWith("ok    certificate: " + folder.resolve("both.pem") + " is for turn.example.org, until 20");
        assertThat(about("names", "both"))
                .containsExactly("ok    names: turn.example.org of the certificate leads to 198.41.0.4");
    }

    @Test
    void aCertificateThatExpiredOrSoonWillIsTold() throws Exception {
        issued();

        host.now = Instant.now().plus(80, ChronoUnit.DAYS);
        assertThat(about("certificate", "both"))
                .singleElement()
                .asString()
                .startsWith("warn ")
                .contains("expires at");
        host.now = Instant.now().plus(100, ChronoUnit.DAYS);
        assertThat(about("certificate", "both"))
                .singleElement()
                .asString()
                .startsWith("error")
                .contains("expired at");
        host.now = Instant.now().minus(100, ChronoUnit.DAYS);
        assertThat(about("certificate", "both"))
                .singleElement()
                .asString()
                .startsWith("error")
                .contains("holds from");
    }

    @Test
    void aChainInTheWrongOrderIsAnError() throws Exception {
        issued();
        concatenate("wrong.pem", "leaf.pem", "other.pem");

        assertThat(about("certificate", "wrong"))
                .singleElement()
                .asString()
                .startsWith("error certificate: " + folder.resolve("wrong.pem") + " is out of order");
    }

    @Test
    void aCertificateWithoutItsIssuersIsTold() throws Exception {
        issued();

        assertThat(about("certificate", "leaf")).singleElement().asString().contains("comes without the certificate");
    }

    @Test
    void aCertificateSignedByItselfForNoNameIsToldTwice() throws Exception {
        selfSigned("leaf", "/CN=turn.example.org");

        assertThat(about("certificate", "leaf"))
                .hasSize(2)
                .anyMatch(line -> line.contains("is signed by itself"))
                .anyMatch(line -> line.contains("is for no name"));
    }

    @Test
    void aNameThatLeadsElsewhereOrNowhereIsTold() throws Exception {
        issued();

        host.names.put("turn.example.org", List.of(ip("198.41.0.9")));
        assertThat(about("names", "both"))
                .containsExactly("warn  names: turn.example.org of the certificate leads to 198.41.0.9, no address of"
                        + " this server; mend the record, unless a load balancer stands there");
        host.names.clear();
        assertThat(about("names", "both"))
                .containsExactly("warn  names: turn.example.org of the certificate leads nowhere from here;"
                        + " give it an A or AAAA record");
    }

    @Test
    void aKeyThatIsNotThatOfTheCertificateIsAFindingOfTheConfiguration() throws Exception {
        issued();
        Files.copy(folder.resolve("other.key"), folder.resolve("stranger.key"));

        assertThat(Examination.of(host, tls("both.pem", "stranger.key")))
                .anyMatch(line -> line.startsWith("error configuration: turn.yaml:")
                        && line.contains("not the private key of " + folder.resolve("both.pem")));
    }

    @Test
    void aKeyThatEverybodyCanReadIsTold() throws Exception {
        issued();
        host.readableByAll.add(folder.resolve("leaf.key").toString());

        assertThat(about("secret files", "both"))
                .containsExactly("warn  secret files: every user of this machine can read " + folder.resolve("leaf.key")
                        + "; chmod o-rwx " + folder.resolve("leaf.key"));
    }

    private List<String> about(String what, String certificate) {
        return Examination.of(host, tls(certificate + ".pem", "leaf.key")).stream()
                .filter(line -> line.substring(6).startsWith(what + ":"))
                .toList();
    }

    private String tls(String certificate, String key) {
        return "listen: [\"tls:198.41.0.4:5349\"]\ntls-certificate: [\"" + folder.resolve(certificate)
                + "\"]\ntls-key: [\"" + folder.resolve(key) + "\"]\n";
    }

    /** {@code leaf} of {@code ca}, {@code both} in order, and a stranger, {@code other}. */
    private void issued() throws Exception {
        selfSigned("ca", "/CN=Example Authority");
        selfSigned("other", "/CN=Other Authority");
        newKey(
                "leaf",
                "/CN=turn.example.org",
                "-CA",
                "ca.pem",
                "-CAkey",
                "ca.key",
                "-addext",
                "subjectAltName=DNS:turn.example.org");
        concatenate("both.pem", "leaf.pem", "ca.pem");
    }

    private void selfSigned(String name, String subject) throws Exception {
        newKey(name, subject);
    }

    private void newKey(String name, String subject, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "90",
                "-subj",
                subject,
                "-keyout",
                name + ".key",
                "-out",
                name + ".pem"));
        command.addAll(List.of(more));
        Path log = folder.resolve(name + ".log");
        Process openssl = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(openssl.waitFor()).as(Files.readString(log)).isZero();
    }

    private void concatenate(String to, String first, String second) throws IOException {
        Files.writeString(
                folder.resolve(to), Files.readString(folder.resolve(first)) + Files.readString(folder.resolve(second)));
    }
}
