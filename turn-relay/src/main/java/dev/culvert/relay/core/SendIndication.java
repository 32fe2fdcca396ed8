package dev.culvert.relay.core;

import dev.culvert.server.core.SourceAddress;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.DontFragment;
import dev.culvert.stun.attribute.XorPeerAddress;
import java.nio.ByteBuffer;

/** What a Send indication asks for (RFC 8656 §11.2), read without making objects. Mutable, owned by one thread. */
final class SendIndication {
    private static final int ATTRIBUTE_HEADER_LENGTH = 4;
    private static final int ADDRESS = 4;
    private static final int IPV4_LENGTH = 8;
    private static final int IPV6_LENGTH = 20;

    private final SourceAddress peer = new SourceAddress();
    private boolean hasPeer;
    private int data;
    private boolean dontFragment;

    /** Reads {@code message}; false where it is not valid and complete. */
    boolean read(StunMessage message, boolean canForbidFragments) {
        hasPeer = false;
        data = StunMessage.ABSENT;
        dontFragment = false;
        for (int at = message.firstAttribute(); at != StunMessage.ABSENT; at = message.nextAttribute(at)) {
            if (!isTaken(message, at, canForbidFragments)) {
                return false;
            }
        }
        // RFC 8656 §11.2: XOR-PEER-ADDRESS and DATA are there and valid.
        return hasPeer && data != StunMessage.ABSENT;
    }

    private boolean isTaken(StunMessage message, int at, boolean canForbidFragments) {
        int type = message.typeAt(at);
        if (type == XorPeerAddress.TYPE.number()) {
            return readPeer(message, at);
        }
        if (type == Data.TYPE.number()) {
            data = data == StunMessage.ABSENT ? at : data;
            return true;
        }
        dontFragment |= type == DontFragment.TYPE.number();
        return RequestCheck.isAcceptable(message, at, canForbidFragments);
    }

    /** RFC 8489 §14.2: the address is masked by the magic cookie and the transaction id, which stand in the header. */
    private boolean readPeer(StunMessage message, int at) {
        ByteBuffer bytes = message.buffer();
        int value = at + ATTRIBUTE_HEADER_LENGTH;
        int length = message.lengthAt(at);
        int family = length < ADDRESS ? 0 : bytes.get(value + 1);
        boolean isIpv4 = family == AddressFamily.IPV4.number() && length == IPV4_LENGTH;
        boolean isIpv6 = family == AddressFamily.IPV6.number() && length == IPV6_LENGTH;
        if (!isIpv4 && !isIpv6) {
            return false;
        }
        if (hasPeer) {
            return true;
        }
        hasPeer = true;
        int mask = message.offset() + ADDRESS;
        int port = (bytes.getShort(value + 2) ^ bytes.getShort(mask)) & 0xFFFF;
        if (isIpv4) {
            int address = bytes.getInt(value + ADDRESS) ^ bytes.getInt(mask);
            peer.set(true, 0, address & 0xFFFF_FFFFL, port);
            return true;
        }
        peer.set(
                false,
                bytes.getLong(value + ADDRESS) ^ bytes.getLong(mask),
                bytes.getLong(value + ADDRESS + Long.BYTES) ^ bytes.getLong(mask + Long.BYTES),
                port);
        return true;
    }

    SourceAddress peer() {
        return peer;
    }

    AddressFamily family() {
        return peer.isIpv4() ? AddressFamily.IPV4 : AddressFamily.IPV6;
    }

    /** Where the application data begin in the buffer of {@code message}. */
    int dataOffset() {
        return data + ATTRIBUTE_HEADER_LENGTH;
    }

    int dataLength(StunMessage message) {
        return message.lengthAt(data);
    }

    boolean dontFragment() {
        return dontFragment;
    }
}
