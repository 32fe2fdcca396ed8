package dev.culvert.ice.turn;

import dev.culvert.stun.ChannelData;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.DontFragment;
import dev.culvert.stun.attribute.XorPeerAddress;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/** Writes what goes before and behind a payload on its way to a peer. Mutable, owned by one thread. */
final class Payloads {
    /** STUN header, XOR-PEER-ADDRESS of IPv6, DONT-FRAGMENT, header of DATA. */
    private static final int MAX_HEADER_LENGTH = 20 + 24 + 4 + 4;

    /** What a UDP datagram over IPv4 holds beside that header. */
    static final int MAX_LENGTH = 65_507 - MAX_HEADER_LENGTH & ~3;

    private final ByteBuffer header = ByteBuffer.allocate(MAX_HEADER_LENGTH);
    private final StunWriter writer = new StunWriter();
    private final RandomGenerator random;
    private final boolean isReliable;

    Payloads(RandomGenerator random, boolean isReliable) {
        this.random = random;
        this.isReliable = isReliable;
    }

    void byChannel(int number, ByteBuffer payload, TurnOutput out) {
        int length = payload.remaining();
        ChannelData.writeHeader(header.clear(), number, length);
        // RFC 8656 §12.5: over TCP and TLS, ChannelData is padded, over UDP it need not be.
        out.transmit(header.flip(), payload, isReliable ? padding(length) : 0);
    }

    void byIndication(TransportAddress peer, ByteBuffer payload, boolean dontFragment, TurnOutput out) {
        int length = payload.remaining();
        header.clear();
        writer.begin(header, MessageClass.INDICATION, StunMethod.SEND, TransactionId.random(random))
                .add(new XorPeerAddress(peer));
        if (dontFragment) {
            writer.add(new DontFragment());
        }
        // The value of DATA is the caller's buffer, which follows the header on the wire.
        header.putShort((short) Data.TYPE.number()).putShort((short) length);
        int bodyLength = header.position() - StunMessage.HEADER_LENGTH + length + padding(length);
        header.putShort(2, (short) bodyLength).flip();
        out.transmit(header, payload, padding(length));
    }

    private static int padding(int lengthBytes) {
        return -lengthBytes & 3;
    }
}
