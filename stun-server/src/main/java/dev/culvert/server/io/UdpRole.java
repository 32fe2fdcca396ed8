package dev.culvert.server.io;

/** What a UDP port is for. */
public enum UdpRole {
    /** Many senders share it. */
    LISTENER(4 << 20),
    /** There is one for each allocation. */
    RELAY(512 << 10);

    final int socketBufferBytes;

    UdpRole(int socketBufferBytes) {
        this.socketBufferBytes = socketBufferBytes;
    }

    /** What the kernel is asked to keep for it, each way. */
    public int socketBufferBytes() {
        return socketBufferBytes;
    }
}
