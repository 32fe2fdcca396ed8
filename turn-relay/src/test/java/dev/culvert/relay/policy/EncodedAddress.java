package dev.culvert.relay.policy;

import dev.culvert.stun.IpAddress;

/** The ways in which an IPv6 address carries an IPv4 address, written from the RFCs' pictures in hexadecimal. */
public enum EncodedAddress {
    MAPPED("::ffff:%1$s"),
    COMPATIBLE("::%1$s"),
    NAT64("64:ff9b::%1$s"),
    ISATAP("2a00:1450:4001:800:0:5efe:%1$s"),
    ISATAP_UNIVERSAL("2a00:1450:4001:800:200:5efe:%1$s"),
    SIX_TO_FOUR("2002:%2$s::1"),
    /** The server is 8.8.8.8. */
    TEREDO_CLIENT("2001:0:808:808:8000:63bf:%3$s"),
    /** The client is 8.8.8.8. */
    TEREDO_SERVER("2001:0:%2$s:8000:63bf:f7f7:f7f7");

    private final String format;

    EncodedAddress(String format) {
        this.format = format;
    }

    /** The address that carries {@code ipv4}. */
    public IpAddress of(IpAddress ipv4) {
        String text = format.formatted(groups(ipv4.low()), groups(ipv4.low()), groups(0xFFFF_FFFFL - ipv4.low()));
        return IpAddress.parse(text).orElseThrow(() -> new AssertionError(text));
    }

    private static String groups(long bits) {
        return "%x:%x".formatted(bits / 0x1_0000, bits % 0x1_0000);
    }

    /** Whether it is denied whatever it carries. */
    boolean isTunnel() {
        return this == SIX_TO_FOUR || this == TEREDO_CLIENT || this == TEREDO_SERVER;
    }
}
