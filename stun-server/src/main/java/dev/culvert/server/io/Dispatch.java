package dev.culvert.server.io;

import dev.culvert.server.core.BindingResponder;
import dev.culvert.server.core.ReplyOutput;
import dev.culvert.server.core.SipReflector;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMethod;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Says who takes what arrived: the reflector of SIP, the service of the loop, or the responder, which knows what to do
 * with anything else.
 */
record Dispatch(BindingResponder responder, Optional<LoopService> service, Optional<SipReflector> reflector) {
    /** The bits of the message type that are its method (RFC 8489 §5). */
    private static final int METHOD_BITS = 0x3EEF;

    private static final int SEND_INDICATION = MessageClass.INDICATION.typeWith(StunMethod.SEND);

    boolean isSip(ByteBuffer bytes, int offset, int lengthBytes) {
        return reflector.isPresent() && SipReflector.isSip(bytes, offset, lengthBytes);
    }

    boolean isChannelData(ByteBuffer bytes, int offset, int lengthBytes) {
        return service.isPresent() && lengthBytes > 0 && (bytes.get(offset) & 0xC0) == 0x40;
    }

    boolean isSendIndication(ByteBuffer bytes, int offset, int lengthBytes) {
        return service.isPresent() && lengthBytes >= 2 && bytes.getShort(offset) == SEND_INDICATION;
    }

    Malformation onMessage(
            ClientLink client, ByteBuffer bytes, int offset, int lengthBytes, long nowNanos, ReplyOutput out) {
        return isForService(bytes, offset, lengthBytes)
                ? service.orElseThrow().onMessage(client, bytes, offset, lengthBytes)
                : responder.onBytes(client.flow(), bytes, offset, lengthBytes, nowNanos, out);
    }

    private boolean isForService(ByteBuffer bytes, int offset, int lengthBytes) {
        if (service.isEmpty() || lengthBytes < 2) {
            return false;
        }
        int type = bytes.getShort(offset) & 0xFFFF;
        return type <= 0x3FFF && (type & METHOD_BITS) != StunMethod.BINDING;
    }
}
