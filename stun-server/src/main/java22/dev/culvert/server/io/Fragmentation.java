package dev.culvert.server.io;

import io.netty.channel.unix.Socket;
import java.io.IOException;

/** Whether what a socket sends may be fragmented (ip(7), IP_MTU_DISCOVER; ipv6(7)). */
final class Fragmentation {
    private static final int IPPROTO_IP = 0;
    private static final int IP_MTU_DISCOVER = 10;
    private static final int IP_PMTUDISC_DONT = 0;
    private static final int IP_PMTUDISC_DO = 2;
    private static final int IP_PMTUDISC_OMIT = 5;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_DONTFRAG = 62;

    private Fragmentation() {}

    /** RFC 8656 §14, alternate behavior: the DF bit is 0 unless a Send indication asks for it. */
    static void allow(Socket socket, boolean isIpv4) throws IOException {
        if (isIpv4) {
            socket.setIntOpt(IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT);
        }
    }

    /** Sets the DF bit; over IPv6 nothing is fragmented, by this machine, which is the only one that may. */
    static void forbid(Socket socket, boolean isIpv4) throws IOException {
        if (isIpv4) {
            socket.setIntOpt(IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO);
        } else {
            socket.setIntOpt(IPPROTO_IPV6, IPV6_DONTFRAG, 1);
        }
    }

    /** As {@link #allow}, but so that what comes back of datagrams with the DF bit is still told. */
    static void allowAgain(Socket socket, boolean isIpv4) throws IOException {
        if (isIpv4) {
            socket.setIntOpt(IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_OMIT);
        } else {
            socket.setIntOpt(IPPROTO_IPV6, IPV6_DONTFRAG, 0);
        }
    }
}
