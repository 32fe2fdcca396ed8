package dev.culvert.server.io;

import dev.culvert.server.config.ServerConfig.TlsIdentity;
import dev.culvert.server.config.TlsKey;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.DomainWildcardMappingBuilder;
import io.netty.util.Mapping;
import io.netty.util.concurrent.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The certificates of a server: one chosen by the name that a client indicates (SNI), the first where none fits. */
final class TlsIdentities {
    private static final int MAX_CLIENT_HELLO_BYTES = 16 << 10;
    private static final int DNS_NAME = 2;

    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /** RFC 8489 §6.2.3: none without forward secrecy, and the two of older versions of STUN among them. */
    private static final List<String> CIPHER_SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256");

    private final Mapping<String, SslContext> byName;
    private final Map<String, Long> expiry;

    private TlsIdentities(Mapping<String, SslContext> byName, Map<String, Long> expiry) {
        this.byName = byName;
        this.expiry = Map.copyOf(expiry);
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
        Map<String, Long> expiry = new HashMap<>();
        for (TlsIdentity identity : identities) {
            SslContext context = context(vertx, identity);
            requirePair(identity);
            names(identity).forEach(name -> byName.add(name, context));
            expiry.put(identity.certificateFile(), expiresAtEpochSeconds(identity));
        }
        return new TlsIdentities(byName.build(), expiry);
    }

    /** When the first certificate of each file's chain expires, in seconds of the epoch, by the file's name. */
    Map<String, Long> expiry() {
        return expiry;
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
                // RFC 8446 §6.1: close_notify ends one direction; half a connection is of no use to STUN.
                handler.sslCloseFuture().addListener((Future<Channel> closed) -> {
                    if (closed.isSuccess()) {
                        closed.getNow().close();
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
            return SslContextBuilder.forServer(pem.getKeyManagerFactory(vertx))
                    .protocols(PROTOCOLS)
                    .ciphers(CIPHER_SUITES, SupportedCipherSuiteFilter.INSTANCE)
                    .build();
        } catch (Exception e) {
            throw unusable(identity, e);
        }
    }

    /** Fails where the key is not that of the certificate: a file was replaced and the other was not, or not yet. */
    private static void requirePair(TlsIdentity identity) {
        try {
            String key = Files.readString(Path.of(identity.keyFile()), StandardCharsets.ISO_8859_1);
            if (!TlsKey.fits(certificate(identity).getPublicKey(), key)) {
                throw unusable(identity, "the key does not fit the certificate", null);
            }
        } catch (IOException | CertificateException e) {
            throw unusable(identity, e);
        }
    }

    /** The DNS names that the certificate is for. */
    private static List<String> names(TlsIdentity identity) {
        try {
            Collection<List<?>> alternatives = certificate(identity).getSubjectAlternativeNames();
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

    private static long expiresAtEpochSeconds(TlsIdentity identity) {
        try {
            return chain(identity).stream()
                    .mapToLong(
                            certificate -> certificate.getNotAfter().toInstant().getEpochSecond())
                    .min()
                    .orElseThrow(() -> new CertificateException("no certificate"));
        } catch (IOException | CertificateException e) {
            throw unusable(identity, e);
        }
    }

    /** The server's own certificate, which is the first of its chain. */
    private static X509Certificate certificate(TlsIdentity identity) throws IOException, CertificateException {
        return chain(identity).stream().findFirst().orElseThrow(() -> new CertificateException("no certificate"));
    }

    private static List<X509Certificate> chain(TlsIdentity identity) throws IOException, CertificateException {
        try (InputStream in = Files.newInputStream(Path.of(identity.certificateFile()))) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        }
    }

    private static IllegalArgumentException unusable(TlsIdentity identity, Exception cause) {
        return unusable(identity, String.valueOf(cause.getMessage()), cause);
    }

    private static IllegalArgumentException unusable(TlsIdentity identity, String reason, @Nullable Exception cause) {
        return new IllegalArgumentException(
                identity.certificateFile() + " and " + identity.keyFile() + " are not a PEM certificate and its key: "
                        + reason,
                cause);
    }
}
