package dev.culvert.ice.vertx;

import dev.culvert.ice.resolution.ServerAttempt;
import dev.culvert.ice.turn.Redirections;
import dev.culvert.ice.turn.TurnClient;
import dev.culvert.stun.TransportAddress;

/**
 * Where a TURN server listens, and what is spoken to it.
 *
 * @param transport what carries the messages
 * @param address of the server; {@link Names#resolve} finds that of a name
 * @param trust with TLS, which certificates are accepted; without it, of no meaning
 */
public record TurnServerAddress(PacketTap.Transport transport, TransportAddress address, StreamBinding.Trust trust) {
    private static final StreamBinding.Trust NO_TLS = new StreamBinding.Trust(false, "", "");

    public static TurnServerAddress udp(TransportAddress address) {
        return new TurnServerAddress(PacketTap.Transport.UDP, address, NO_TLS);
    }

    public static TurnServerAddress tcp(TransportAddress address) {
        return new TurnServerAddress(PacketTap.Transport.TCP, address, NO_TLS);
    }

    public static TurnServerAddress tls(TransportAddress address, StreamBinding.Trust trust) {
        return new TurnServerAddress(PacketTap.Transport.TLS, address, trust);
    }

    /** The server of {@code attempt}, whose certificate must carry its name. */
    static TurnServerAddress of(ServerAttempt attempt, StreamBinding.Trust trust) {
        PacketTap.Transport transport = switch (attempt.transport()) {
            case UDP -> PacketTap.Transport.UDP;
            case TCP -> PacketTap.Transport.TCP;
            case TLS -> PacketTap.Transport.TLS;
        };
        return new TurnServerAddress(transport, attempt.address(), named(trust, attempt.serverName()));
    }

    /** Where the server sent its client on to, over the same transport (RFC 8489 §10). */
    TurnServerAddress after(Redirections.Hop hop) {
        return new TurnServerAddress(transport, hop.server(), named(trust, hop.domain()));
    }

    private static StreamBinding.Trust named(StreamBinding.Trust trust, String name) {
        return new StreamBinding.Trust(trust.dangerAny(), name, trust.authoritiesFile());
    }

    TurnClient.Transport clientTransport() {
        return transport == PacketTap.Transport.UDP ? TurnClient.Transport.DATAGRAM : TurnClient.Transport.STREAM;
    }

    /** For example {@code 192.0.2.1:3478 over UDP}. */
    @Override
    public String toString() {
        return address + " over " + transport;
    }
}
