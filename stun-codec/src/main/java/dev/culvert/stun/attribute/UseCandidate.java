package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.ValueWriter;

/** Nominates the candidate pair that is being checked (RFC 8445 §16.1). */
public record UseCandidate() implements Attribute {
    public static final AttributeType<UseCandidate> TYPE =
            new AttributeType<>(0x0025, "USE-CANDIDATE", value -> value.exactly(0, v -> new UseCandidate()));

    @Override
    public AttributeType<UseCandidate> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        // RFC 8445 §16.1: no content; its presence is the meaning.
    }
}
