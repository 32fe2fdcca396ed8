package dev.culvert.ice.vertx;

import dev.culvert.ice.nat.ProbeServer;
import dev.culvert.ice.nat.StreamCheck;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.MappedAddress;
import dev.culvert.stun.attribute.XorMappedAddress;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Finds out whether servers are reached over TCP and TLS. Certificates are not checked: reachability is the question. */
public final class StreamChecks {
    private StreamChecks() {}

    /** Tries to reach {@code address} of {@code server} over {@code transport}, as {@code options} say; never fails. */
    public static Future<StreamCheck> check(
            Vertx vertx,
            ProbeServer server,
            TransportAddress address,
            StreamCheck.Transport transport,
            StreamBinding.Options options,
            PacketTap tap) {
        return StreamBinding.ask(vertx, address, options, tap)
                .compose(connected -> connected
                        .answer()
                        .map(answer -> answered(server, transport, answer.message()))
                        .otherwise(cause -> result(server, transport, StreamCheck.Result.CONNECTED, cause)))
                .otherwise(cause -> result(server, transport, StreamCheck.Result.FAILED, cause));
    }

    private static StreamCheck answered(ProbeServer server, StreamCheck.Transport transport, StunMessage message) {
        boolean success = message.messageClass() == MessageClass.SUCCESS_RESPONSE;
        Optional<TransportAddress> mapped = message.get(XorMappedAddress.TYPE)
                .map(XorMappedAddress::address)
                .or(() -> message.get(MappedAddress.TYPE).map(MappedAddress::address));
        return new StreamCheck(
                server,
                transport,
                StreamCheck.Result.ANSWERED,
                StreamCheck.Failure.NONE,
                mapped,
                success ? "" : "an error response");
    }

    private static StreamCheck result(
            ProbeServer server, StreamCheck.Transport transport, StreamCheck.Result result, Throwable cause) {
        String detail = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        StreamCheck.Failure failure = result == StreamCheck.Result.FAILED ? failure(cause) : StreamCheck.Failure.NONE;
        return new StreamCheck(server, transport, result, failure, Optional.empty(), detail);
    }

    private static StreamCheck.Failure failure(Throwable cause) {
        if (cause instanceof ConnectTimeoutException || cause instanceof SslHandshakeTimeoutException) {
            return StreamCheck.Failure.TIMED_OUT;
        }
        if (cause instanceof ConnectException) {
            return StreamCheck.Failure.REFUSED;
        }
        if (cause instanceof SSLException) {
            return StreamCheck.Failure.NO_TLS;
        }
        return cause instanceof NoRouteToHostException || cause instanceof SocketException
                ? StreamCheck.Failure.UNREACHABLE
                : StreamCheck.Failure.OTHER;
    }
}
