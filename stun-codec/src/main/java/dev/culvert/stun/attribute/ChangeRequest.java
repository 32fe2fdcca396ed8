package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.ValueWriter;
import java.util.Optional;

/**
 * Asks the server to answer from another address (RFC 5780 §7.2).
 *
 * @param changeIp flag A: from the alternate IP address
 * @param changePort flag B: from the alternate port
 */
public record ChangeRequest(boolean changeIp, boolean changePort) implements Attribute {
    private static final int CHANGE_IP = 0x04;
    private static final int CHANGE_PORT = 0x02;

    public static final AttributeType<ChangeRequest> TYPE = new AttributeType<>(
            0x0003,
            "CHANGE-REQUEST",
            value -> value.lengthBytes() == 4 ? Optional.of(ofFlags((int) value.uint32(0))) : Optional.empty());

    private static ChangeRequest ofFlags(int flags) {
        return new ChangeRequest((flags & CHANGE_IP) != 0, (flags & CHANGE_PORT) != 0);
    }

    @Override
    public AttributeType<ChangeRequest> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.uint32((changeIp ? CHANGE_IP : 0) | (changePort ? CHANGE_PORT : 0));
    }
}
