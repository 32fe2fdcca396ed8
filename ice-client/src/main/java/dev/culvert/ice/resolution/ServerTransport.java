package dev.culvert.ice.resolution;

/** What carries STUN and TURN to a server. */
public enum ServerTransport {
    UDP("udp"),
    TCP("tcp"),
    TLS("tcp");

    private final String protocol;

    ServerTransport(String protocol) {
        this.protocol = protocol;
    }

    /** The protocol in the name of an SRV record (RFC 8489 §8.1). */
    String protocol() {
        return protocol;
    }
}
