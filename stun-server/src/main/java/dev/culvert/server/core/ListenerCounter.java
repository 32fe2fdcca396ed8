package dev.culvert.server.core;

/** What is counted of a listener's clients: datagrams, or the messages and bytes of streams inside TLS. */
public enum ListenerCounter {
    PACKETS_FROM_CLIENTS,
    BYTES_FROM_CLIENTS,
    PACKETS_TO_CLIENTS,
    BYTES_TO_CLIENTS
}
