package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.ValueWriter;

/**
 * Names a relayed transport address that the server holds in reserve (RFC 8656 §18.10).
 *
 * @param token eight bytes that mean nothing to a client
 */
public record ReservationToken(long token) implements Attribute {
    public static final AttributeType<ReservationToken> TYPE = new AttributeType<>(
            0x0022, "RESERVATION-TOKEN", value -> value.exactly(8, v -> new ReservationToken(v.int64(0))));

    @Override
    public AttributeType<ReservationToken> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.int64(token);
    }
}
