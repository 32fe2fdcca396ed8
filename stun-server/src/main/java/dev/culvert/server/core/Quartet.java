package dev.culvert.server.core;

import dev.culvert.stun.TransportAddress;

/**
 * The four transport addresses of RFC 5780 §6: two IP addresses of one family, each with the same two ports.
 *
 * @param primary A1 and P1, which clients find through DNS
 * @param alternate A2 and P2; differs in IP address and port
 * @param mtuBytes the MTU of the interface that the replies leave by, which bounds PADDING
 */
public record Quartet(TransportAddress primary, TransportAddress alternate, int mtuBytes) {
    public Quartet {
        boolean sameFamily = primary.ip().family() == alternate.ip().family();
        if (!sameFamily || primary.ip().equals(alternate.ip()) || primary.port() == alternate.port()) {
            throw new IllegalArgumentException(
                    "an alternate has the family of " + primary + " and another address and port, not " + alternate);
        }
        if (mtuBytes <= 0) {
            throw new IllegalArgumentException("an MTU is positive, not " + mtuBytes);
        }
    }

    /** Whether {@code local} is one of the four. */
    public boolean contains(TransportAddress local) {
        return (local.port() == primary.port() || local.port() == alternate.port())
                && (local.ip().equals(primary.ip()) || local.ip().equals(alternate.ip()));
    }

    /**
     * The one of the four that differs from {@code local} in what the flags ask for (RFC 5780 §6.1, table 1).
     *
     * @param local one of the four
     */
    public TransportAddress changed(TransportAddress local, boolean changeIp, boolean changePort) {
        if (!changeIp && !changePort) {
            return local;
        }
        boolean primaryIp = local.ip().equals(primary.ip()) != changeIp;
        boolean primaryPort = (local.port() == primary.port()) != changePort;
        return new TransportAddress(
                primaryIp ? primary.ip() : alternate.ip(), primaryPort ? primary.port() : alternate.port());
    }
}
