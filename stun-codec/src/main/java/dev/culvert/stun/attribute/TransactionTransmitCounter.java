package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.ValueWriter;

/**
 * How often a request and its response were sent (RFC 7982 §3.1).
 *
 * @param requests transmissions of the request so far, 0–255
 * @param responses transmissions of the response so far, 0–255; 0 in a request
 */
public record TransactionTransmitCounter(int requests, int responses) implements Attribute {
    public static final AttributeType<TransactionTransmitCounter> TYPE = new AttributeType<>(
            0x8025,
            "TRANSACTION_TRANSMIT_COUNTER",
            value -> value.exactly(4, v -> new TransactionTransmitCounter(v.uint8(2), v.uint8(3))));

    public TransactionTransmitCounter {
        if ((requests & ~0xFF) != 0 || (responses & ~0xFF) != 0) {
            throw new IllegalArgumentException("a counter is 0 to 255, not " + requests + " or " + responses);
        }
    }

    @Override
    public AttributeType<TransactionTransmitCounter> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.uint16(0).uint8(requests).uint8(responses);
    }
}
