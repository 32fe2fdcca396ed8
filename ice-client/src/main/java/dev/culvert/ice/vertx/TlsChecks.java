package dev.culvert.ice.vertx;

import dev.culvert.ice.check.TlsCheck;
import dev.culvert.ice.nat.StreamCheck;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Looks at a server's TLS: a Binding whatever its certificate is worth, the certificate, and whether it is to be trusted. */
final class TlsChecks {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private TlsChecks() {}

    /** Never fails. */
    static Future<TlsCheck> check(Vertx vertx, VertxServerCheck.Options options, PacketTap tap) {
        Clock clock = options.clock();
        StreamBinding.Trust named = new StreamBinding.Trust(
                true, options.trust().serverName(), options.trust().authoritiesFile());
        StreamBinding.Options careless = with(options, named);
        return StreamChecks.check(
                        vertx, options.server(), options.tlsAddress(), StreamCheck.Transport.TLS, careless, tap)
                .compose(stream -> stream.result() == StreamCheck.Result.FAILED
                        ? Future.succeededFuture(TlsCheck.without(stream, clock.instant()))
                        : certificate(vertx, options, careless, stream));
    }

    private static StreamBinding.Options with(VertxServerCheck.Options options, StreamBinding.Trust trust) {
        return new StreamBinding.Options(
                true, trust, options.streamTimeout(), options.sockets().localAddress());
    }

    private static Future<TlsCheck> certificate(
            Vertx vertx, VertxServerCheck.Options options, StreamBinding.Options careless, StreamCheck stream) {
        Instant now = options.clock().instant();
        return shown(vertx, options.tlsAddress(), careless)
                .compose(certificate -> problem(vertx, options)
                        .map(problem -> new TlsCheck(
                                stream,
                                certificate.getSubjectX500Principal().getName(),
                                names(certificate),
                                certificate.getNotAfter().toInstant(),
                                now,
                                problem)))
                .otherwise(cause -> TlsCheck.without(stream, now));
    }

    private static Future<X509Certificate> shown(
            Vertx vertx, TransportAddress address, StreamBinding.Options careless) {
        NetClient client = vertx.createNetClient(StreamBinding.clientOptions(careless));
        return StreamBinding.connect(client, address, careless.trust())
                .compose(TlsChecks::first)
                .onComplete(done -> client.close());
    }

    private static Future<X509Certificate> first(NetSocket socket) {
        try {
            List<Certificate> chain = socket.peerCertificates();
            return chain.get(0) instanceof X509Certificate certificate
                    ? Future.succeededFuture(certificate)
                    : Future.failedFuture("no X.509 certificate");
        } catch (SSLPeerUnverifiedException e) {
            return Future.failedFuture(e);
        }
    }

    /** What a careful client says; empty where it is content. */
    private static Future<String> problem(Vertx vertx, VertxServerCheck.Options options) {
        Duration timeout = options.streamTimeout();
        StreamBinding.Trust trust = new StreamBinding.Trust(
                false, options.trust().serverName(), options.trust().authoritiesFile());
        TurnServerAddress server = TurnServerAddress.tls(options.tlsAddress(), trust);
        NetClient client = vertx.createNetClient(StreamBinding.clientOptions(with(options, trust)));
        return StreamBinding.connect(client, options.tlsAddress(), trust)
                .compose(socket -> client.close().map(closed -> ""))
                .otherwise(cause ->
                        StreamFailures.connecting(server, timeout, cause).getMessage());
    }

    private static List<String> names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> alternative : alternatives) {
                    Object kind = alternative.get(0);
                    if (kind.equals(DNS_NAME) || kind.equals(IP_ADDRESS)) {
                        names.add(String.valueOf(alternative.get(1)));
                    }
                }
            }
        } catch (CertificateParsingException e) {
            return List.of();
        }
        return names;
    }
}
