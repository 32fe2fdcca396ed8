package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.AttributeValue;
import dev.culvert.stun.ValueWriter;
import java.util.Optional;

/**
 * Why a request failed (RFC 8489 §14.8).
 *
 * @param code 300–699
 * @param reason words for people; may be empty
 */
public record ErrorCode(int code, String reason) implements Attribute {
    public static final AttributeType<ErrorCode> TYPE = new AttributeType<>(0x0009, "ERROR-CODE", ErrorCode::decode);

    public ErrorCode {
        if (code < 300 || code > 699) {
            throw new IllegalArgumentException("an error code is 300 to 699, not " + code);
        }
    }

    /** The error {@code code} with the reason phrase of the IANA registry, or none where the code is not registered. */
    public static ErrorCode of(int code) {
        return new ErrorCode(code, defaultReason(code));
    }

    /** The reason phrase of the IANA registry; empty text where {@code code} is not registered. */
    public static String defaultReason(int code) {
        return switch (code) {
            case 300 -> "Try Alternate";
            case 400 -> "Bad Request";
            // RFC 8489 §18.4 renamed it; copies of the registry from before say Unauthorized.
            case 401 -> "Unauthenticated";
            case 403 -> "Forbidden";
            case 405 -> "Mobility Forbidden";
            case 420 -> "Unknown Attribute";
            case 437 -> "Allocation Mismatch";
            case 438 -> "Stale Nonce";
            case 440 -> "Address Family not Supported";
            case 441 -> "Wrong Credentials";
            case 442 -> "Unsupported Transport Protocol";
            case 443 -> "Peer Address Family Mismatch";
            case 446 -> "Connection Already Exists";
            case 447 -> "Connection Timeout or Failure";
            case 486 -> "Allocation Quota Reached";
            case 487 -> "Role Conflict";
            case 500 -> "Server Error";
            case 508 -> "Insufficient Capacity";
            default -> "";
        };
    }

    static Optional<ErrorCode> decode(AttributeValue value) {
        if (value.lengthBytes() < 4) {
            return Optional.empty();
        }
        int errorClass = value.uint8(2) & 0x07;
        int number = value.uint8(3);
        if (errorClass < 3 || errorClass > 6 || number > 99) {
            return Optional.empty();
        }
        return value.utf8(4).map(reason -> new ErrorCode(errorClass * 100 + number, reason));
    }

    @Override
    public AttributeType<ErrorCode> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.uint16(0).uint8(code / 100).uint8(code % 100).utf8(reason);
    }
}
