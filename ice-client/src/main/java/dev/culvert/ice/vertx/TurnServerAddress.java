package dev.culvert.ice.vertx;

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

    TurnClient.Transport clientTransport() {
        return transport == PacketTap.Transport.UDP ? TurnClient.Transport.DATAGRAM : TurnClient.Transport.STREAM;
    }

    /** For example {@code 192.0.2.1:3478 over UDP}. */
    @Override
    public String toString() {
        return address + " over " + transport;
    }
}
