package dev.culvert.stun;

import java.util.Optional;

/** An address family as STUN numbers it (RFC 8489 §14.1). */
public enum AddressFamily {
    IPV4(0x01, 4),
    IPV6(0x02, 16);

    private final int number;
    private final int lengthBytes;

    AddressFamily(int number, int lengthBytes) {
        this.number = number;
        this.lengthBytes = lengthBytes;
    }

    /** The family with this number; empty where there is none. */
    public static Optional<AddressFamily> ofNumber(int number) {
        return switch (number) {
            case 0x01 -> Optional.of(IPV4);
            case 0x02 -> Optional.of(IPV6);
            default -> Optional.empty();
        };
    }

    /** The number on the wire. */
    public int number() {
        return number;
    }

    /** The length of an address of this family in bytes. */
    public int lengthBytes() {
        return lengthBytes;
    }
}
