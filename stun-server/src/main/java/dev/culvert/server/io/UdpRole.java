package dev.culvert.server.io;

/** What a UDP port is for. */
enum UdpRole {
    /** Many senders share it. */
    LISTENER(4 << 20),
    /** There is one for each allocation. */
    RELAY(512 << 10);

    /** What the kernel keeps for it, each way. */
    final int socketBufferBytes;

    UdpRole(int socketBufferBytes) {
        this.socketBufferBytes = socketBufferBytes;
    }
}
