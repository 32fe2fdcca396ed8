package dev.culvert.server.io;

/** What the system property {@code culvert.udp} makes of the sockets, for comparisons and for kernels with defects. */
enum UdpChoice {
    /** The fastest there is. */
    FASTEST,
    /** {@code no-gro}: datagrams are not received in trains. */
    NO_GRO,
    /** {@code netty}: the sockets of older Java. */
    NETTY;

    private static final String PROPERTY = "culvert.udp";

    /** @throws IllegalArgumentException for a value that is none */
    static UdpChoice made() {
        String value = System.getProperty(PROPERTY, "");
        return switch (value) {
            case "" -> FASTEST;
            case "no-gro" -> NO_GRO;
            case "netty" -> NETTY;
            default ->
                throw new IllegalArgumentException(
                        "-D" + PROPERTY + "=" + value + ": not known; it can be netty or no-gro");
        };
    }

    boolean receivesTrains() {
        return this == FASTEST;
    }
}
