package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.Octets;
import dev.culvert.stun.ValueWriter;
import java.util.Optional;

/**
 * The token of third-party authorization (RFC 7635 §6.2), opaque to the client.
 *
 * @param token as the authorization server issued it
 */
public record AccessToken(Octets token) implements Attribute {
    public static final AttributeType<AccessToken> TYPE =
            new AttributeType<>(0x001B, "ACCESS-TOKEN", value -> Optional.of(new AccessToken(value.octets(0))));

    @Override
    public AttributeType<AccessToken> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.octets(token);
    }

    /** Shows the length only: the value is a secret. */
    @Override
    public String toString() {
        return "AccessToken[" + token.lengthBytes() + " bytes]";
    }
}
