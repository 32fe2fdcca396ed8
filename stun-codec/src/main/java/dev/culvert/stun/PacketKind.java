package dev.culvert.stun;

import java.nio.ByteBuffer;

/** Which protocol a packet belongs to where several share one port, by its first byte (RFC 7983 §7). */
public enum PacketKind {
    STUN,
    ZRTP,
    DTLS,
    /** ChannelData of TURN. */
    TURN_CHANNEL,
    /** RTP or RTCP. */
    RTP,
    /** Nothing that RFC 7983 knows. */
    OTHER;

    /** The kind of the packet between position and limit of {@code packet}; {@link #OTHER} where it is empty. */
    public static PacketKind of(ByteBuffer packet) {
        return packet.hasRemaining() ? of(packet.get(packet.position())) : OTHER;
    }

    /** The kind of a packet that begins with {@code firstByte}. */
    public static PacketKind of(byte firstByte) {
        int b = firstByte & 0xFF;
        // RFC 7983 §7: 0-3 STUN, 16-19 ZRTP, 20-63 DTLS, 64-79 TURN channel, 128-191 RTP or RTCP.
        if (b < 4) {
            return STUN;
        }
        if (b < 16) {
            return OTHER;
        }
        if (b < 20) {
            return ZRTP;
        }
        if (b < 64) {
            return DTLS;
        }
        if (b < 80) {
            return TURN_CHANNEL;
        }
        return b >= 128 && b < 192 ? RTP : OTHER;
    }
}
