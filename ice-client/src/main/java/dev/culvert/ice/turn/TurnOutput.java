package dev.culvert.ice.turn;

import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;

/**
 * Where the {@link TurnClient} leaves what it decides, during the call that made it decide.
 *
 * <p>From {@link #onEvent} and {@link #onData} the client may be called again; from the others not.
 */
public interface TurnOutput {
    /** Sends one whole message to the server; the buffer is lent for this call. */
    void transmit(ByteBuffer message);

    /**
     * Sends one message to the server that consists of {@code header}, {@code payload} and zeros.
     *
     * @param header lent for this call
     * @param payload the buffer that was given to {@link TurnClient#send}, untouched
     * @param paddingBytes how many zeros follow the payload, 0–3
     */
    void transmit(ByteBuffer header, ByteBuffer payload, int paddingBytes);

    /**
     * Takes data from a peer: {@code lengthBytes} bytes of {@code buffer} from {@code offset}, the very buffer that was
     * given to {@link TurnClient#onPacket}.
     */
    void onData(TransportAddress peer, ByteBuffer buffer, int offset, int lengthBytes);

    /** Learns what happened. */
    void onEvent(TurnEvent event);
}
