package dev.culvert.bench;

/** How the generator's datagrams go through the network stack. */
enum Trains {
    /** Each alone, both ways. */
    NONE,
    /** Bursts are handed to the kernel as trains (UDP_SEGMENT), what comes is received singly. */
    SENT,
    /** Trains both ways (UDP_GRO too), like a NIC with segmentation offload. */
    SENT_AND_RECEIVED
}
