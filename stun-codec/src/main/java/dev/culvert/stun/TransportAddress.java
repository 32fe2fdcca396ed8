package dev.culvert.stun;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * An IP address and a port (RFC 8489 §4).
 *
 * @param ip the address
 * @param port 0–65535
 */
public record TransportAddress(IpAddress ip, int port) {
    public TransportAddress {
        if (port < 0 || port > 0xFFFF) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
    }

    /** The same address as numbers; {@code address} must be resolved. */
    public static TransportAddress of(InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("not resolved: " + address);
        }
        return new TransportAddress(IpAddress.of(address.getAddress()), address.getPort());
    }

    /** The address in {@code ADDR:PORT} or {@code [V6]:PORT}; empty where {@code text} is neither. */
    public static Optional<TransportAddress> parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
            return Optional.empty();
        }
        int port = Integer.parseInt(text.substring(colon + 1));
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]") && host.length() > 2;
        Optional<IpAddress> ip = IpAddress.parse(bracketed ? host.substring(1, host.length() - 1) : host);
        return ip.filter(address -> address.isIpv4() != bracketed && port <= 0xFFFF)
                .map(address -> new TransportAddress(address, port));
    }

    /** The same address as the JDK's type. */
    public InetSocketAddress toInetSocketAddress() {
        return new InetSocketAddress(ip.toInetAddress(), port);
    }

    @Override
    public String toString() {
        return ip.isIpv4() ? ip + ":" + port : "[" + ip + "]:" + port;
    }
}
