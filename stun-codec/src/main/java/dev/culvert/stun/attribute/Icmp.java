package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.ValueWriter;

/**
 * Why a packet to the peer was dropped (RFC 8656 §18.13).
 *
 * @param icmpType the ICMP or ICMPv6 type, 0–255
 * @param code the ICMP or ICMPv6 code, 0–255
 * @param errorData the MTU of the next hop where the packet was too big, else 0; 32 bits
 */
public record Icmp(int icmpType, int code, long errorData) implements Attribute {
    public static final AttributeType<Icmp> TYPE = new AttributeType<>(
            0x8004, "ICMP", value -> value.exactly(8, v -> new Icmp(v.uint8(2), v.uint8(3), v.uint32(4))));

    public Icmp {
        if ((icmpType & ~0xFF) != 0 || (code & ~0xFF) != 0 || errorData >>> 32 != 0) {
            throw new IllegalArgumentException(
                    "type and code have 8 bits and error data 32, not " + icmpType + ", " + code + ", " + errorData);
        }
    }

    @Override
    public AttributeType<Icmp> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.uint16(0).uint8(icmpType).uint8(code).uint32(errorData);
    }
}
