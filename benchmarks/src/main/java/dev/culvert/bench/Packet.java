package dev.culvert.bench;

import java.nio.ByteBuffer;

/** Writes the packets of flows, all of the same length. Mutable, owned by one thread. */
interface Packet {
    int lengthBytes();

    /** The packet with this number in this flow, between position and limit; valid until the next one is written. */
    ByteBuffer write(int flow, long sequence);
}
