package dev.culvert.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.server.config.ServerConfig.AdminTls;
import dev.culvert.server.config.ServerConfig.TlsIdentity;
import dev.culvert.server.io.TestCertificate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Client certificates in place of a token. */
class AdminTlsTest {
    private static final int UNANSWERED = 0;

    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();
    private TestCertificate own;
    private TestCertificate operator;
    private TestCertificate stranger;
    private AdminUnderTest server;

    @BeforeEach
    void start() throws Exception {
        own = TestCertificate.named("localhost", folder);
        operator = TestCertificate.named("operator", folder);
        stranger = TestCertificate.named("stranger", folder);
        server = AdminUnderTest.with(new AdminTls(
                new TlsIdentity(own.certificateFile(), own.keyFile()), Optional.of(operator.certificateFile())));
    }

    @AfterEach
    void close() throws Exception {
        server.close();
        AdminUnderTest.await(vertx.close());
    }

    @Test
    void theCertificateOpensWhatIsClosedWithoutOne() throws Exception {
        assertThat(get("/api/v1/server", Optional.of(operator))).isEqualTo(200);
        assertThat(get("/metrics", Optional.of(operator))).isEqualTo(200);
        assertThat(get("/api/v1/server", Optional.empty())).isEqualTo(401);
        assertThat(get("/metrics", Optional.empty())).isEqualTo(401);
        assertThat(get("/health/ready", Optional.empty())).isEqualTo(200);
    }

    @Test
    void aCertificateOfSomebodyElseOpensNothing() throws Exception {
        int status = UNANSWERED;
        try {
            status = get("/api/v1/server", Optional.of(stranger));
        } catch (ExecutionException e) {
            assertThat(e).hasRootCauseInstanceOf(Exception.class); // TLS ended it
        }

        // Which of the two depends on whether the client shows a certificate that the server does not ask for.
        assertThat(status).isIn(UNANSWERED, 401);
    }

    private int get(String path, Optional<TestCertificate> shown) throws Exception {
        HttpClientOptions options = new HttpClientOptions()
                .setSsl(true)
                .setVerifyHost(false)
                .setTrustOptions(new PemTrustOptions().addCertPath(own.certificateFile()));
        shown.ifPresent(certificate -> options.setKeyCertOptions(new PemKeyCertOptions()
                .addCertPath(certificate.certificateFile())
                .addKeyPath(certificate.keyFile())));
        RequestOptions request = new RequestOptions()
                .setHost("127.0.0.1")
                .setPort(server.port())
                .setMethod(HttpMethod.GET)
                .setURI(path);
        HttpClient client = vertx.createHttpClient(options);
        Future<Integer> status =
                client.request(request).compose(HttpClientRequest::send).map(HttpClientResponse::statusCode);
        // Vert.x closes a client that nobody holds any more.
        return AdminUnderTest.await(status.eventually(client::close));
    }
}
