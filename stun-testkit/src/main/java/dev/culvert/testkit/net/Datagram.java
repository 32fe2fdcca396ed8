package dev.culvert.testkit.net;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** One UDP datagram on its way: immutable, with value equality. */
public final class Datagram {
    private static final int MTU_BYTES = 1500;
    private static final int IPV4_AND_UDP_HEADER_BYTES = 28;
    private static final int IPV6_AND_UDP_HEADER_BYTES = 48;
    private static final int MAX_PAYLOAD_BYTES = 65_507;

    private final InetSocketAddress source;
    private final InetSocketAddress destination;
    private final byte[] payload;

    private Datagram(InetSocketAddress source, InetSocketAddress destination, byte[] payload) {
        this.source = source;
        this.destination = destination;
        this.payload = payload;
    }

    /** A datagram with a copy of {@code payload}; the endpoints are resolved, concrete and of one family. */
    public static Datagram of(InetSocketAddress source, InetSocketAddress destination, byte[] payload) {
        if (source.isUnresolved() || destination.isUnresolved()) {
            throw new IllegalArgumentException("unresolved endpoint: " + source + " → " + destination);
        }
        if (!Addresses.sameFamily(source.getAddress(), destination.getAddress())) {
            throw new IllegalArgumentException("address families differ: " + source + " → " + destination);
        }
        if (payload.length > MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException("no datagram carries " + payload.length + " bytes");
        }
        return new Datagram(source, destination, payload.clone());
    }

    /** Where it seems to come from. */
    public InetSocketAddress source() {
        return source;
    }

    /** Where it goes to. */
    public InetSocketAddress destination() {
        return destination;
    }

    /** A fresh buffer with a copy of the payload, ready to be read; the receiver may change it. */
    public ByteBuffer payload() {
        return ByteBuffer.wrap(payload.clone());
    }

    /** A copy of the payload. */
    public byte[] bytes() {
        return payload.clone();
    }

    /** The length of the payload. */
    public int lengthBytes() {
        return payload.length;
    }

    /** Whether it travels in several IP packets, the MTU being 1500 bytes everywhere. */
    public boolean isFragmented() {
        boolean ipv4 = destination.getAddress().getAddress().length == 4;
        int headerBytes = ipv4 ? IPV4_AND_UDP_HEADER_BYTES : IPV6_AND_UDP_HEADER_BYTES;
        return payload.length + headerBytes > MTU_BYTES;
    }

    /** The same payload from another source, as a NAT sends it outwards. */
    public Datagram from(InetSocketAddress newSource) {
        return new Datagram(newSource, destination, payload);
    }

    /** The same payload to another destination, as a NAT sends it inwards. */
    public Datagram to(InetSocketAddress newDestination) {
        return new Datagram(source, newDestination, payload);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Datagram that
                && source.equals(that.source)
                && destination.equals(that.destination)
                && Arrays.equals(payload, that.payload);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * source.hashCode() + destination.hashCode()) + Arrays.hashCode(payload);
    }

    @Override
    public String toString() {
        return Addresses.text(source) + " → " + Addresses.text(destination) + " (" + payload.length + " bytes)";
    }
}
