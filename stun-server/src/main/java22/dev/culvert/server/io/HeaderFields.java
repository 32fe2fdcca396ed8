package dev.culvert.server.io;

/** The fields of IP headers that sockets tell and set (ip(7), ipv6(7)), of one datagram packed into a number. */
final class HeaderFields {
    /** Whatever the system gives to packets of its own. */
    static final int DEFAULT = 0;

    /** The longest ancillary data that {@link #write} writes. */
    static final int MAX_CONTROL_BYTES = 48;

    private static final int IPPROTO_IP = 0;
    private static final int IP_TOS = 1;
    private static final int IP_RECVTOS = 13;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_RECVHOPLIMIT = 51;
    private static final int IPV6_HOPLIMIT = 52;
    private static final int IPV6_RECVTCLASS = 66;
    private static final int IPV6_TCLASS = 67;
    private static final int TRAFFIC_CLASS_BITS = 0xFF;
    private static final int HOP_LIMIT_SHIFT = 8;

    private HeaderFields() {}

    /** Lets the kernel tell them for all that {@code socket} receives. */
    static void request(DatagramSocket socket, boolean isIpv4) throws java.io.IOException {
        if (isIpv4) {
            socket.setIntOpt(IPPROTO_IP, IP_RECVTOS, 1);
            return;
        }
        socket.setIntOpt(IPPROTO_IPV6, IPV6_RECVTCLASS, 1);
        socket.setIntOpt(IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
    }

    /** {@code fields} with what the ancillary data at {@code control} say. */
    static int read(long control, int fields) {
        long data = control + MessageHeader.CONTROL_HEADER_LENGTH;
        if (MessageHeader.isControl(control, IPPROTO_IP, IP_TOS)) {
            return fields | Memory.getByte(data);
        }
        if (MessageHeader.isControl(control, IPPROTO_IPV6, IPV6_TCLASS)) {
            return fields | Memory.getInt(data) & TRAFFIC_CLASS_BITS;
        }
        return MessageHeader.isControl(control, IPPROTO_IPV6, IPV6_HOPLIMIT)
                ? fields | Memory.getInt(data) << HOP_LIMIT_SHIFT
                : fields;
    }

    /** What a packet gets that relays one with {@code received}; between address families a fresh hop limit. */
    static int relayed(int received, boolean toIpv4) {
        int trafficClass = received & TRAFFIC_CLASS_BITS;
        int hopLimit = received >>> HOP_LIMIT_SHIFT;
        // RFC 8656 §13.2: the server acts as a router with respect to decrementing the Hop Limit.
        return toIpv4 || hopLimit == 0 ? trafficClass : trafficClass | hopLimit - 1 << HOP_LIMIT_SHIFT;
    }

    /** Whether a packet with {@code received} has gone as far as it may. */
    static boolean isExhausted(int received) {
        return received >>> HOP_LIMIT_SHIFT == 1;
    }

    /** Writes ancillary data that set {@code fields}; returns how many bytes they take. */
    static int write(long control, int fields, boolean isIpv4) {
        int trafficClass = fields & TRAFFIC_CLASS_BITS;
        int hopLimit = fields >>> HOP_LIMIT_SHIFT;
        int length = 0;
        if (trafficClass != 0) {
            length += isIpv4
                    ? MessageHeader.writeControl(control, IPPROTO_IP, IP_TOS, trafficClass)
                    : MessageHeader.writeControl(control, IPPROTO_IPV6, IPV6_TCLASS, trafficClass);
        }
        if (hopLimit != 0) {
            length += MessageHeader.writeControl(control + length, IPPROTO_IPV6, IPV6_HOPLIMIT, hopLimit);
        }
        return length;
    }
}
