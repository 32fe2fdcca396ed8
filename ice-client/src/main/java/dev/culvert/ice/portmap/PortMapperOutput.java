package dev.culvert.ice.portmap;

import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;

/** Where a {@link PortMapper} leaves what it decides, during the call that made it decide. */
public interface PortMapperOutput {
    /** Sends a datagram from {@link Gateway#local}, always from the same port; {@code to} may be a multicast group. */
    void send(TransportAddress to, ByteBuffer bytes);

    /**
     * Sends an HTTP request from {@link Gateway#local}, without proxy and without following redirections. Each is followed
     * by exactly one {@link PortMapper#onHttpAnswer} or {@link PortMapper#onHttpFailure}, never during this call.
     */
    void request(GatewayHttpRequest request);

    /** Learns what happened. */
    void onEvent(PortMapEvent event);
}
