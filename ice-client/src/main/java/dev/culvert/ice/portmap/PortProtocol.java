package dev.culvert.ice.portmap;

/** What a mapped port is a port of. */
public enum PortProtocol {
    UDP(17),
    TCP(6);

    private final int number;

    PortProtocol(int number) {
        this.number = number;
    }

    /** The number in the IP header. */
    int number() {
        return number;
    }
}
