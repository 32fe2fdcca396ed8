package dev.culvert.relay.it;

import dev.culvert.relay.policy.EncodedAddress;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.IanaRegistry;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An address out of each prefix that is denied by default, those of IPv4 also in every encoding. */
final class DeniedPeers {
    private DeniedPeers() {}

    static List<IpAddress> all() {
        Stream<IpAddress> plain = Stream.concat(
                IanaRegistry.deniedByDefault().stream()
                        .filter(prefix -> !prefix.embedsIpv4())
                        .map(prefix -> address(prefix.prefix())),
                Stream.of("0.0.0.0", "169.254.169.254", "255.255.255.255").map(DeniedPeers::ip));
        return plain.flatMap(DeniedPeers::encoded).distinct().toList();
    }

    /** An address as it is and, if it is one of IPv4, in every encoding. */
    static Stream<IpAddress> encoded(IpAddress address) {
        return Stream.concat(
                Stream.of(address),
                Arrays.stream(EncodedAddress.values())
                        .filter(encoding -> address.isIpv4())
                        .map(encoding -> encoding.of(address)));
    }

    /** The eighth address of a prefix, or the only one. */
    private static IpAddress address(String prefix) {
        String[] fields = prefix.split("/");
        byte[] octets = ip(fields[0]).toBytes();
        if (Integer.parseInt(fields[1]) < octets.length * 8) {
            octets[octets.length - 1] |= 7;
        }
        return IpAddress.of(octets);
    }

    /** Whether a packet to this address can be routed to another host. */
    static boolean isRoutable(IpAddress address) {
        InetAddress java = address.toInetAddress();
        boolean isMapped = !address.isIpv4() && !(java instanceof Inet6Address);
        boolean isOfOneLink = !address.isIpv4() && java.isLinkLocalAddress();
        boolean isBroadcast = address.equals(ip("255.255.255.255"));
        return !isMapped
                && !isOfOneLink
                && !isBroadcast
                && !java.isLoopbackAddress()
                && !java.isMulticastAddress()
                && !java.isAnyLocalAddress();
    }

    /** Whether Linux takes packets from this address at all. */
    static boolean isPossibleSource(IpAddress address) {
        return !address.isIpv4() || address.toBytes()[0] != 0;
    }

    /** A set of nftables with every denied prefix and every address of {@link #all} of one family. */
    static String nftSet(boolean ipv4) {
        Stream<String> prefixes = IanaRegistry.deniedByDefault().stream()
                .filter(prefix -> !prefix.embedsIpv4())
                .map(prefix -> prefix.prefix());
        return Stream.concat(prefixes, all().stream().map(IpAddress::toString))
                .filter(text -> text.contains(":") != ipv4)
                .collect(Collectors.joining(
                        ", ",
                        "{ type " + (ipv4 ? "ipv4_addr" : "ipv6_addr") + "; flags interval; auto-merge; elements = { ",
                        " }; }"));
    }

    static IpAddress ip(String text) {
        return IpAddress.parse(text).orElseThrow(() -> new AssertionError(text));
    }

    static String at(IpAddress address, int port) {
        return new TransportAddress(address, port).toString();
    }
}
