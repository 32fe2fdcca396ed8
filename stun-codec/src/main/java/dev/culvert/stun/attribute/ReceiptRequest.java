package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.ValueWriter;
import java.util.Optional;

/**
 * Asks the server to tell, from the address that was asked, that it has sent a changed reply: Culvert's own, outside
 * the IANA registry, in the range that servers without it ignore.
 *
 * <p>The receipt is an indication with the same transaction id that carries {@link ReceiptOrigin}. The value means
 * nothing; its length makes the request as long as both answers together, so that nothing is amplified.
 *
 * @param lengthBytes the length of the value
 */
public record ReceiptRequest(int lengthBytes) implements Attribute {
    public static final AttributeType<ReceiptRequest> TYPE = new AttributeType<>(
            0xC0F0, "RECEIPT-REQUEST", value -> Optional.of(new ReceiptRequest(value.lengthBytes())));

    public ReceiptRequest {
        if (lengthBytes < 0 || lengthBytes > 0xFFF8) {
            throw new IllegalArgumentException("RECEIPT-REQUEST has 0 to 65528 bytes, not " + lengthBytes);
        }
    }

    @Override
    public AttributeType<ReceiptRequest> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.zeros(lengthBytes);
    }
}
