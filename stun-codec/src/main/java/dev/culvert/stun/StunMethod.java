package dev.culvert.stun;

/** The STUN methods of the IANA registry, as the 12-bit numbers that stand in a message type. */
public final class StunMethod {
    /** RFC 8489 §2. */
    public static final int BINDING = 0x001;
    /** RFC 3489 §9.3, removed by RFC 5389; decoded only. */
    public static final int SHARED_SECRET = 0x002;
    /** RFC 8656 §17. */
    public static final int ALLOCATE = 0x003;
    /** RFC 8656 §17. */
    public static final int REFRESH = 0x004;
    /** RFC 8656 §17; indications only. */
    public static final int SEND = 0x006;
    /** RFC 8656 §17; indications only. */
    public static final int DATA = 0x007;
    /** RFC 8656 §17. */
    public static final int CREATE_PERMISSION = 0x008;
    /** RFC 8656 §17. */
    public static final int CHANNEL_BIND = 0x009;
    /** RFC 6062 §6.1. */
    public static final int CONNECT = 0x00A;
    /** RFC 6062 §6.1. */
    public static final int CONNECTION_BIND = 0x00B;
    /** RFC 6062 §6.1; indications only. */
    public static final int CONNECTION_ATTEMPT = 0x00C;

    private StunMethod() {}

    /** The registry's name of {@code method}, or its number in hexadecimal where it has none. */
    public static String name(int method) {
        return switch (method) {
            case BINDING -> "Binding";
            case SHARED_SECRET -> "SharedSecret";
            case ALLOCATE -> "Allocate";
            case REFRESH -> "Refresh";
            case SEND -> "Send";
            case DATA -> "Data";
            case CREATE_PERMISSION -> "CreatePermission";
            case CHANNEL_BIND -> "ChannelBind";
            case CONNECT -> "Connect";
            case CONNECTION_BIND -> "ConnectionBind";
            case CONNECTION_ATTEMPT -> "ConnectionAttempt";
            default -> "0x%03X".formatted(method);
        };
    }
}
