package dev.culvert.ice.vertx;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.net.BindException;
import java.net.ConnectException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What went wrong with a TCP or TLS connection, for people. */
final class StreamFailures {
    private StreamFailures() {}

    /** Why there is no connection to {@code server}. */
    static NetworkException connecting(TurnServerAddress server, Duration timeout, Throwable cause) {
        if (find(cause, SslHandshakeTimeoutException.class).isPresent()) {
            return new NetworkException.TlsFailed(
                    server.address() + " accepts connections but speaks no TLS within " + timeout.toMillis()
                            + " ms; check that this is its port for TLS, usually 5349",
                    cause);
        }
        if (cause instanceof ConnectTimeoutException) {
            return new NetworkException.TimedOut(
                    "no connection to " + server + " within " + timeout.toMillis()
                            + " ms; check address, port and firewalls on the way",
                    cause);
        }
        if (find(cause, SSLException.class).isPresent()
                || find(cause, CertificateException.class).isPresent()) {
            return new NetworkException.TlsFailed(tlsFailure(server, cause), cause);
        }
        if (find(cause, BindException.class).isPresent()) {
            return new NetworkException.CannotBind(
                    "cannot connect from the local address: " + words(cause) + "; choose an address of this host",
                    cause);
        }
        if (cause instanceof ConnectException && words(cause).contains("refused")) {
            return new NetworkException.Refused(
                    server + " refuses the connection: nothing listens there; check the port, and that the server runs",
                    cause);
        }
        return new NetworkException.Unreachable(
                server + " cannot be reached: " + words(cause) + "; check the route to it", cause);
    }

    private static String tlsFailure(TurnServerAddress server, Throwable cause) {
        String name = nameOf(server);
        if (find(cause, NotSslRecordException.class).isPresent()) {
            return server.address() + " does not speak TLS on this port; use its port for TLS, usually 5349, or TCP";
        }
        if (find(cause, CertificateExpiredException.class).isPresent()) {
            return "the certificate of " + name + " has expired; renew it on the server";
        }
        if (find(cause, CertificateNotYetValidException.class).isPresent()) {
            return "the certificate of " + name + " is not valid yet; check the clocks of both hosts";
        }
        if (find(cause, CertPathBuilderException.class).isPresent()
                || find(cause, CertPathValidatorException.class).isPresent()) {
            return "the certificate of " + name
                    + " is from no authority that is trusted here; name the file of its authority, "
                    + "or have the server send its whole chain";
        }
        // The JDK says: No name matching turn.example.org found, No subject alternative names …
        Optional<CertificateException> mismatch = find(cause, CertificateException.class);
        if (mismatch.isPresent()) {
            return "the certificate of " + name + " is for another name: " + words(mismatch.get())
                    + "; give the name that stands in it";
        }
        return "no TLS with " + name + ": " + words(cause) + "; check that this is its port for TLS";
    }

    /** The server as its certificate should name it. */
    private static String nameOf(TurnServerAddress server) {
        String name = server.trust().serverName();
        return name.isEmpty() ? server.address().toString() : name + " (" + server.address() + ")";
    }

    /** Why the connection to {@code server} has ended. */
    static NetworkException lost(TurnServerAddress server, @Nullable Throwable cause) {
        String why = cause == null ? "closed the connection" : "dropped the connection: " + words(cause);
        return new NetworkException.Disconnected(
                server + " " + why + "; its log may say why, else open a new connection", cause);
    }

    private static <T extends Throwable> Optional<T> find(Throwable outermost, Class<T> type) {
        Throwable at = outermost;
        // A chain of causes may be a ring.
        for (int depth = 0; at != null && depth < 16; depth++) {
            if (type.isInstance(at)) {
                return Optional.of(type.cast(at));
            }
            at = at.getCause();
        }
        return Optional.empty();
    }

    private static String words(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.toString() : message;
    }
}
