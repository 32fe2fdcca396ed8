package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.ValueWriter;

/**
 * The address that a changed reply was sent from, in the receipt that {@link ReceiptRequest} asked for: Culvert's own,
 * in the form of XOR-MAPPED-ADDRESS.
 *
 * @param address where the reply with the same transaction id was sent from
 */
public record ReceiptOrigin(TransportAddress address) implements Attribute {
    public static final AttributeType<ReceiptOrigin> TYPE = new AttributeType<>(
            0xC0F1, "RECEIPT-ORIGIN", value -> value.xorAddress().map(ReceiptOrigin::new));

    @Override
    public AttributeType<ReceiptOrigin> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.xorAddress(address);
    }
}
