package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.ValueWriter;

/**
 * The server's nonce, which a client sends back as it came (RFC 8489 §14.10).
 *
 * @param text fewer than 128 characters when sent
 */
public record Nonce(String text) implements Attribute {
    public static final AttributeType<Nonce> TYPE =
            new AttributeType<>(0x0015, "NONCE", value -> value.utf8(0).map(Nonce::new));

    @Override
    public AttributeType<Nonce> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.utf8(text);
    }
}
