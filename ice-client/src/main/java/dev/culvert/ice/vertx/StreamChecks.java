package dev.culvert.ice.vertx;

import dev.culvert.ice.nat.ProbeServer;
import dev.culvert.ice.nat.StreamCheck;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.MappedAddress;
import dev.culvert.stun.attribute.XorMappedAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;

/** Finds out whether servers are reached over TCP and TLS. Certificates are not checked: reachability is the question. */
public final class StreamChecks {
    private StreamChecks() {}

    /** Tries {@code transport} to {@code address} of {@code server}; never fails. */
    public static Future<StreamCheck> check(
            Vertx vertx,
            ProbeServer server,
            TransportAddress address,
            StreamCheck.Transport transport,
            Duration timeout,
            PacketTap tap) {
        boolean tls = transport == StreamCheck.Transport.TLS;
        StreamBinding.Options options = new StreamBinding.Options(tls, StreamBinding.Trust.DANGER_ANY, timeout);
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
                server, transport, StreamCheck.Result.ANSWERED, mapped, success ? "" : "an error response");
    }

    private static StreamCheck result(
            ProbeServer server, StreamCheck.Transport transport, StreamCheck.Result result, Throwable cause) {
        String detail = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return new StreamCheck(server, transport, result, Optional.empty(), detail);
    }
}
