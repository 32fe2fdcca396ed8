package dev.culvert.server.io;

import dev.culvert.server.core.SourceAddress;
import dev.culvert.stun.TransportAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what became of datagrams on their way: {@code struct sock_extended_err} from a socket's error queue (ip(7),
 * IP_RECVERR). Used by one event loop's thread alone.
 */
final class ErrorQueue {
    /** How many errors are read at once: whoever has more waits until the others have had their turn. */
    private static final int SLOTS = 8;

    private static final int IPPROTO_IP = 0;
    private static final int IP_RECVERR = 11;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_RECVERR = 25;

    private static final int NAME_BYTES = 32;
    private static final int CONTROL_BYTES = 192;

    /** Offsets in the structure. */
    private static final int ERROR = 0;

    private static final int ORIGIN = 4;
    private static final int TYPE = 5;
    private static final int CODE = 6;
    private static final int INFO = 8;
    private static final int STRUCTURE_BYTES = 16;

    /** Who reports an error. */
    private static final int LOCAL = 1;

    private static final int ICMP = 2;
    private static final int ICMPV6 = 3;

    private static final int DESTINATION_UNREACHABLE = 3;
    private static final int FRAGMENTATION_NEEDED = 4;
    private static final int PACKET_TOO_BIG = 2;

    private final Libc libc;

    @SuppressWarnings("unused") // keeps the memory
    private final ByteBuffer structures;

    private final long headers;
    private final long names;
    private final SourceAddress destination = new SourceAddress();

    /** Where the structure of the present message is. */
    private long report;

    ErrorQueue(Libc libc) {
        this.libc = libc;
        structures = Memory.allocate(SLOTS * (MessageHeader.LENGTH + NAME_BYTES + CONTROL_BYTES));
        headers = Memory.addressOf(structures);
        names = headers + (long) SLOTS * MessageHeader.LENGTH;
        long controls = names + (long) SLOTS * NAME_BYTES;
        for (int i = 0; i < SLOTS; i++) {
            // No vectors: the beginning of the datagram itself would come back too.
            MessageHeader.setName(header(i), name(i), NAME_BYTES);
            MessageHeader.setControl(header(i), controls + (long) i * CONTROL_BYTES, CONTROL_BYTES);
        }
    }

    private long header(int slot) {
        return headers + (long) slot * MessageHeader.LENGTH;
    }

    private long name(int slot) {
        return names + (long) slot * NAME_BYTES;
    }

    /** Lets the kernel keep errors for {@code socket}. */
    static void request(Socket socket, boolean isIpv4) throws IOException {
        socket.setIntOpt(isIpv4 ? IPPROTO_IP : IPPROTO_IPV6, isIpv4 ? IP_RECVERR : IPV6_RECVERR, 1);
    }

    /**
     * Takes up to {@link #SLOTS} errors out of the queue of {@code port}, and hands on what ICMP says; how many there were.
     *
     * @param unfragmented where a datagram went that this machine itself may have found too long
     */
    int handOn(LinuxUdpPort port, UdpPort.Receiver receiver, @Nullable TransportAddress unfragmented) {
        for (int i = 0; i < SLOTS; i++) {
            MessageHeader.reset(header(i), NAME_BYTES, CONTROL_BYTES);
        }
        int count = libc.recvErrors(port.descriptor(), headers, SLOTS);
        TransportAddress tooLong = unfragmented;
        for (int i = 0; i < count; i++) {
            if (!read(i)) {
                continue;
            }
            if (isTooLong() && tooLong != null) {
                // This machine tells no port, and tells each try to send.
                destination.set(tooLong);
                tooLong = null;
                handOn(port, receiver);
            } else if (isIcmp()) {
                handOn(port, receiver);
            }
        }
        return Math.max(0, count);
    }

    private void handOn(LinuxUdpPort port, UdpPort.Receiver receiver) {
        try {
            receiver.onIcmp(port, destination, type(), code(), mtu());
        } catch (RuntimeException e) {
            // Whatever one error made go wrong must not cost the others.
            receiver.onFailure(port, e);
        }
    }

    /** Reads the {@code index}th error, for the methods below; false where it says nothing of a datagram. */
    private boolean read(int index) {
        long header = header(index);
        long control = MessageHeader.control(header);
        long end = control + MessageHeader.controlLength(header);
        while (control + MessageHeader.CONTROL_HEADER_LENGTH + STRUCTURE_BYTES <= end) {
            if (MessageHeader.isControl(control, IPPROTO_IP, IP_RECVERR)
                    || MessageHeader.isControl(control, IPPROTO_IPV6, IPV6_RECVERR)) {
                report = control + MessageHeader.CONTROL_HEADER_LENGTH;
                SocketAddress.read(name(index), destination);
                return true;
            }
            control += MessageHeader.controlHeaderLength(control) + 7 & -8;
        }
        return false;
    }

    /** Whether it came by ICMP or ICMPv6. */
    private boolean isIcmp() {
        int origin = Memory.getByte(report + ORIGIN);
        return origin == ICMP || origin == ICMPV6;
    }

    /** Whether this machine itself did not send a datagram because of its length. */
    private boolean isTooLong() {
        return Memory.getByte(report + ORIGIN) == LOCAL && Memory.getInt(report + ERROR) == Libc.EMSGSIZE;
    }

    /** The type of ICMP, or of ICMPv6 where the destination is of IPv6; in any case as a router would report it. */
    private int type() {
        if (isTooLong()) {
            return destination.isIpv4() ? DESTINATION_UNREACHABLE : PACKET_TOO_BIG;
        }
        return Memory.getByte(report + TYPE);
    }

    private int code() {
        if (isTooLong()) {
            return destination.isIpv4() ? FRAGMENTATION_NEEDED : 0;
        }
        return Memory.getByte(report + CODE);
    }

    /** The MTU, where the datagram was too long for it. */
    private long mtu() {
        return Memory.getInt(report + INFO) & 0xFFFF_FFFFL;
    }
}
