package dev.culvert.server.core;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a packet came from, as numbers: one object for all packets of a socket, so that relaying makes none. Mutable, owned
 * by one thread; whoever is lent it keeps {@link #toTransportAddress} if anything.
 */
public final class SourceAddress {
    private boolean isIpv4;
    private long high;
    private long low;
    private int port;
    private @Nullable TransportAddress made;

    /** One that is {@code address}. */
    public static SourceAddress of(TransportAddress address) {
        SourceAddress source = new SourceAddress();
        source.set(address);
        return source;
    }

    /** Becomes {@code address}. */
    public void set(TransportAddress address) {
        IpAddress ip = address.ip();
        set(ip.isIpv4(), ip.high(), ip.low(), address.port());
        made = address;
    }

    /**
     * Becomes the address with these numbers.
     *
     * @param newHigh the upper 64 bits of an IPv6 address, 0 for IPv4
     * @param newLow the lower 64 bits of an IPv6 address, or the 32 bits of an IPv4 address
     * @param newPort 0–65535
     */
    public void set(boolean newIsIpv4, long newHigh, long newLow, int newPort) {
        if (low == newLow && port == newPort && high == newHigh && isIpv4 == newIsIpv4) {
            return;
        }
        isIpv4 = newIsIpv4;
        high = newHigh;
        low = newLow;
        port = newPort;
        made = null;
    }

    public boolean isIpv4() {
        return isIpv4;
    }

    /** The upper 64 bits of an IPv6 address, 0 for IPv4. */
    public long high() {
        return high;
    }

    /** The lower 64 bits of an IPv6 address, or the 32 bits of an IPv4 address. */
    public long low() {
        return low;
    }

    public int port() {
        return port;
    }

    /** The same as a value; the same object while packets from one place follow each other. */
    public TransportAddress toTransportAddress() {
        TransportAddress known = made;
        if (known == null) {
            known = new TransportAddress(isIpv4 ? IpAddress.v4((int) low) : IpAddress.v6(high, low), port);
            made = known;
        }
        return known;
    }

    @Override
    public String toString() {
        return toTransportAddress().toString();
    }
}
