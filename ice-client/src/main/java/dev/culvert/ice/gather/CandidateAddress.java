package dev.culvert.ice.gather;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An address and port of a candidate, as it is told to a peer: by number, or by a name that hides the number.
 *
 * @param host an IP address without brackets, or a name
 * @param port 0–65535
 */
public record CandidateAddress(String host, int port) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252}[A-Za-z0-9_.])?");

    /** RFC 8839 §5.1: what stands for an address that is not to be revealed. */
    private static final int UNREVEALED_PORT = 9;

    public CandidateAddress {
        if (IpAddress.parse(host).isEmpty() && !NAME.matcher(host).matches()) {
            throw new IllegalArgumentException("neither an IP address nor a host name: " + host);
        }
        if (port < 0 || port > 0xFFFF) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
    }

    public static CandidateAddress of(TransportAddress address) {
        return new CandidateAddress(address.ip().toString(), address.port());
    }

    /** What stands for a related address that is not to be revealed (RFC 8839 §5.1), of the candidate's family. */
    public static CandidateAddress unrevealed(boolean isIpv4) {
        return new CandidateAddress(isIpv4 ? "0.0.0.0" : "::", UNREVEALED_PORT);
    }

    /** The number; empty where a name hides it. */
    public Optional<TransportAddress> transportAddress() {
        return IpAddress.parse(host).map(ip -> new TransportAddress(ip, port));
    }

    /** Whether the name is one of multicast DNS, which hides an address from all but the neighbours. */
    public boolean isMulticastName() {
        return host.endsWith(".local") && IpAddress.parse(host).isEmpty();
    }

    /** As {@code ADDR:PORT}, {@code [V6]:PORT} or {@code NAME:PORT}. */
    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
