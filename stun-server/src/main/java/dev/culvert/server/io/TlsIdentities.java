package dev.culvert.server.io;

import dev.culvert.server.config.ServerConfig.TlsIdentity;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.DomainWildcardMappingBuilder;
import io.netty.util.Mapping;
import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** The certificates of a server: one chosen by the name that a client indicates (SNI), the first where none fits. */
final class TlsIdentities {
    private static final int MAX_CLIENT_HELLO_BYTES = 16 << 10;
    private static final int DNS_NAME = 2;

    private final Mapping<String, SslContext> byName;

    private TlsIdentities(Mapping<String, SslContext> byName) {
        this.byName = byName;
    }

    /**
     * Reads the files of {@code identities}.
     *
     * @throws IllegalArgumentException naming the files that are no good, or where there are none
     */
    static TlsIdentities read(Vertx vertx, List<TlsIdentity> identities) {
        if (identities.isEmpty()) {
            throw new IllegalArgumentException("a TLS listener needs a certificate and its key");
        }
        DomainWildcardMappingBuilder<SslContext> byName =
                new DomainWildcardMappingBuilder<>(context(vertx, identities.get(0)));
        for (TlsIdentity identity : identities) {
            SslContext context = context(vertx, identity);
            names(identity).forEach(name -> byName.add(name, context));
        }
        return new TlsIdentities(byName.build());
    }

    /**
     * What secures one new connection. The timeout holds for the wait for its first message and for the handshake.
     *
     * @param onSecured called when the handshake has succeeded
     */
    SniHandler handler(Duration handshakeTimeout, Runnable onSecured) {
        long timeoutMillis = handshakeTimeout.toMillis();
        return new SniHandler(byName, MAX_CLIENT_HELLO_BYTES, timeoutMillis) {
            @Override
            protected SslHandler newSslHandler(SslContext context, ByteBufAllocator allocator) {
                SslHandler handler = super.newSslHandler(context, allocator);
                handler.setHandshakeTimeoutMillis(timeoutMillis);
                handler.handshakeFuture().addListener(handshake -> {
                    if (handshake.isSuccess()) {
                        onSecured.run();
                    }
                });
                return handler;
            }
        };
    }

    /** Vert.x reads more forms of keys (PKCS#8, PKCS#1, SEC 1) than Netty does. */
    private static SslContext context(Vertx vertx, TlsIdentity identity) {
        try {
            PemKeyCertOptions pem = new PemKeyCertOptions()
                    .addCertPath(
                            Path.of(identity.certificateFile()).toAbsolutePath().toString())
                    .addKeyPath(Path.of(identity.keyFile()).toAbsolutePath().toString());
            return SslContextBuilder.forServer(pem.getKeyManagerFactory(vertx)).build();
        } catch (Exception e) {
            throw unusable(identity, e);
        }
    }

    /** The DNS names that the certificate is for. */
    private static List<String> names(TlsIdentity identity) {
        try (InputStream in = Files.newInputStream(Path.of(identity.certificateFile()))) {
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificates(in)
                    .iterator()
                    .next();
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            return alternatives == null
                    ? List.of()
                    : alternatives.stream()
                            .filter(name -> name.get(0).equals(DNS_NAME))
                            .map(name -> (String) name.get(1))
                            .toList();
        } catch (IOException | CertificateException e) {
            throw unusable(identity, e);
        }
    }

    private static IllegalArgumentException unusable(TlsIdentity identity, Exception cause) {
        return new IllegalArgumentException(
                identity.certificateFile() + " and " + identity.keyFile() + " are not a PEM certificate and its key: "
                        + cause.getMessage(),
                cause);
    }
}
