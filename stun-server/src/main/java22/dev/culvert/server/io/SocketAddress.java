package dev.culvert.server.io;

import dev.culvert.server.core.SourceAddress;
import dev.culvert.stun.TransportAddress;

/** {@code struct sockaddr_in} and {@code struct sockaddr_in6} (ip(7), ipv6(7)). */
final class SocketAddress {
    /** The longer of the two. */
    static final int MAX_LENGTH = 28;

    private static final int IPV4_LENGTH = 16;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int PORT = 2;
    private static final int IPV4_ADDRESS = 4;
    private static final int IPV6_FLOW = 4;
    private static final int IPV6_ADDRESS = 8;
    private static final int IPV6_SCOPE = 24;

    private SocketAddress() {}

    /** Writes {@code remote} to {@code address}; returns its length. */
    static int write(long address, TransportAddress remote) {
        Memory.putNetworkShort(address + PORT, remote.port());
        if (remote.ip().isIpv4()) {
            Memory.putShort(address, AF_INET);
            Memory.putNetworkInt(address + IPV4_ADDRESS, (int) remote.ip().low());
            Memory.putLong(address + IPV6_ADDRESS, 0);
            return IPV4_LENGTH;
        }
        Memory.putShort(address, AF_INET6);
        Memory.putInt(address + IPV6_FLOW, 0);
        Memory.putNetworkLong(address + IPV6_ADDRESS, remote.ip().high());
        Memory.putNetworkLong(address + IPV6_ADDRESS + Long.BYTES, remote.ip().low());
        Memory.putInt(address + IPV6_SCOPE, 0);
        return MAX_LENGTH;
    }

    /** Reads what stands at {@code address} into {@code source}. */
    static void read(long address, SourceAddress source) {
        int port = Memory.getNetworkShort(address + PORT);
        if (Memory.getShort(address) == AF_INET) {
            source.set(true, 0, Memory.getNetworkInt(address + IPV4_ADDRESS) & 0xFFFF_FFFFL, port);
            return;
        }
        source.set(
                false,
                Memory.getNetworkLong(address + IPV6_ADDRESS),
                Memory.getNetworkLong(address + IPV6_ADDRESS + Long.BYTES),
                port);
    }
}
