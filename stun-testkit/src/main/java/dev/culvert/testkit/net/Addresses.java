package dev.culvert.testkit.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Addresses and endpoints from literals; never asks a name service. */
public final class Addresses {
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private Addresses() {}

    /** The address of an IPv4 or IPv6 literal such as {@code 192.0.2.1} or {@code 2001:db8::1}. */
    public static InetAddress address(String literal) {
        if (literal.indexOf(':') < 0 && !IPV4.matcher(literal).matches()) {
            throw new IllegalArgumentException("not an IP address: " + literal);
        }
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an IP address: " + literal, e);
        }
    }

    /** The endpoint of an address literal and a port. */
    public static InetSocketAddress endpoint(String literal, int port) {
        return new InetSocketAddress(address(literal), port);
    }

    /** The endpoint of {@code 192.0.2.1:3478} or {@code [2001:db8::1]:3478}. */
    public static InetSocketAddress endpoint(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("not an address and port: " + text);
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (host.indexOf(':') >= 0 && !bracketed) {
            throw new IllegalArgumentException("an IPv6 address needs brackets: " + text);
        }
        String literal = bracketed ? host.substring(1, host.length() - 1) : host;
        return endpoint(literal, Integer.parseInt(text.substring(colon + 1)));
    }

    /** Whether both are IPv4 or both are IPv6. */
    public static boolean sameFamily(InetAddress a, InetAddress b) {
        return a.getAddress().length == b.getAddress().length;
    }

    /** An endpoint as {@code 192.0.2.1:3478} or {@code [2001:db8:0:0:0:0:0:1]:3478}. */
    public static String text(InetSocketAddress endpoint) {
        String host = endpoint.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + endpoint.getPort();
    }
}
