package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.ValueWriter;

/**
 * Tells a client that the server takes access tokens (RFC 7635 §6.1).
 *
 * @param serverName the name under which an authorization server knows this one
 */
public record ThirdPartyAuthorization(String serverName) implements Attribute {
    public static final AttributeType<ThirdPartyAuthorization> TYPE = new AttributeType<>(
            0x802E, "THIRD-PARTY-AUTHORIZATION", value -> value.utf8(0).map(ThirdPartyAuthorization::new));

    @Override
    public AttributeType<ThirdPartyAuthorization> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.utf8(serverName);
    }
}
