package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.ValueWriter;

/** Asks the server to set the DF bit on what it relays to the peer (RFC 8656 §18.9). */
public record DontFragment() implements Attribute {
    public static final AttributeType<DontFragment> TYPE =
            new AttributeType<>(0x001A, "DONT-FRAGMENT", value -> value.exactly(0, v -> new DontFragment()));

    @Override
    public AttributeType<DontFragment> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        // RFC 8656 §18.9: no value part.
    }
}
