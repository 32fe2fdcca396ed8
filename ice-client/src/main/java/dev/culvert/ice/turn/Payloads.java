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

/** Sends payloads to peers: chooses the way, and writes what goes before and behind. Mutable, owned by one thread. */
final class Payloads {
    /** STUN header, XOR-PEER-ADDRESS of IPv6, DONT-FRAGMENT, header of DATA. */
    private static final int MAX_HEADER_LENGTH = 20 + 24 + 4 + 4;

    /** What a UDP datagram over IPv4 holds beside that header. */
    static final int MAX_LENGTH = 65_507 - MAX_HEADER_LENGTH & ~3;

    private final ByteBuffer header = ByteBuffer.allocate(MAX_HEADER_LENGTH);
    private final StunWriter writer = new StunWriter();
    private final Channels channels;
    private final Permissions permissions;
    private final RandomGenerator random;
    private final boolean isReliable;

    Payloads(Channels channels, Permissions permissions, RandomGenerator random, boolean isReliable) {
        this.channels = channels;
        this.permissions = permissions;
        this.random = random;
        this.isReliable = isReliable;
    }

    /** As ChannelData where a channel is bound, else as a Send indication; false while there is neither way. */
    boolean send(TransportAddress peer, ByteBuffer payload, TurnOutput out) {
        Channel channel = channels.bound(peer);
        if (channel == null) {
            return indicate(peer, payload, false, out);
        }
        requireLength(payload);
        byChannel(channel.number(), payload, out);
        return true;
    }

    /** As a Send indication; false while there is no permission. */
    boolean indicate(TransportAddress peer, ByteBuffer payload, boolean dontFragment, TurnOutput out) {
        requireLength(payload);
        // RFC 8656 §11.1: the client must ensure that there is a permission.
        if (!permissions.isInstalled(peer.ip())) {
            return false;
        }
        byIndication(peer, payload, dontFragment, out);
        return true;
    }

    private static void requireLength(ByteBuffer payload) {
        if (payload.remaining() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "a payload has at most " + MAX_LENGTH + " bytes, not " + payload.remaining());
        }
    }

    private void byChannel(int number, ByteBuffer payload, TurnOutput out) {
        int length = payload.remaining();
        ChannelData.writeHeader(header.clear(), number, length);
        // RFC 8656 §12.5: over TCP and TLS, ChannelData is padded, over UDP it need not be.
        out.transmit(header.flip(), payload, isReliable ? padding(length) : 0);
    }

    private void byIndication(TransportAddress peer, ByteBuffer payload, boolean dontFragment, TurnOutput out) {
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
