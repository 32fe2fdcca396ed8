package dev.culvert.ice.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.TransportAddress;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.net.NoRouteToHostException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class StreamFailuresTest {
    private static final TurnServerAddress SERVER = TurnServerAddress.tls(
            TransportAddress.parse("192.0.2.1:5349").orElseThrow(),
            new StreamBinding.Trust(false, "turn.example.org", ""));

    private static NetworkException failure(Throwable cause) {
        return StreamFailures.connecting(SERVER, Duration.ofSeconds(3), cause);
    }

    private static Throwable handshake(Throwable cause) {
        return new SSLHandshakeException("General SSLEngine problem").initCause(cause);
    }

    @Test
    void certificateOutsideItsTimeIsExplained() {
        assertThat(failure(handshake(new CertificateExpiredException("NotAfter: …"))))
                .isInstanceOf(NetworkException.TlsFailed.class)
                .hasMessage("the certificate of turn.example.org (192.0.2.1:5349) has expired; renew it on the server");
        assertThat(failure(handshake(new CertificateNotYetValidException("NotBefore: …"))))
                .isInstanceOf(NetworkException.TlsFailed.class)
                .hasMessageContaining("is not valid yet; check the clocks of both hosts");
    }

    @Test
    void otherTroubleWithTlsIsQuoted() {
        assertThat(failure(new SSLHandshakeException("Received fatal alert: protocol_version")))
                .isInstanceOf(NetworkException.TlsFailed.class)
                .hasMessage("no TLS with turn.example.org (192.0.2.1:5349): Received fatal alert: protocol_version;"
                        + " check that this is its port for TLS");
    }

    @Test
    void silenceIsToldApartByWhoIsSilent() {
        assertThat(failure(new ConnectTimeoutException("…")))
                .isInstanceOf(NetworkException.TimedOut.class)
                .hasMessageStartingWith("no connection to 192.0.2.1:5349 over TLS within 3000 ms");
        assertThat(failure(new SslHandshakeTimeoutException("…")))
                .isInstanceOf(NetworkException.TlsFailed.class)
                .hasMessageContaining("accepts connections but speaks no TLS");
    }

    @Test
    void missingRouteIsQuoted() {
        assertThat(failure(new NoRouteToHostException("No route to host")))
                .isInstanceOf(NetworkException.Unreachable.class)
                .hasMessage("192.0.2.1:5349 over TLS cannot be reached: No route to host; check the route to it");
    }

    @Test
    void ringOfCausesEnds() {
        Exception one = new Exception("one");
        Exception other = new Exception("other", one);
        one.initCause(other);

        assertThat(failure(one)).hasMessageContaining("one");
    }
}
