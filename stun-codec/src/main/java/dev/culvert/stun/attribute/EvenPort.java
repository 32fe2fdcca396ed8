package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.ValueWriter;

/**
 * Asks for an even relayed port (RFC 8656 §18.7).
 *
 * @param reserveNext flag R: keep the next higher port for another allocation
 */
public record EvenPort(boolean reserveNext) implements Attribute {
    private static final int RESERVE_NEXT = 0x80;

    public static final AttributeType<EvenPort> TYPE = new AttributeType<>(
            0x0018, "EVEN-PORT", value -> value.exactly(1, v -> new EvenPort((v.uint8(0) & RESERVE_NEXT) != 0)));

    @Override
    public AttributeType<EvenPort> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.uint8(reserveNext ? RESERVE_NEXT : 0);
    }
}
