package dev.culvert.server.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * Datagrams that Linux dropped on this host (in this network namespace) because a socket's buffer was full, over IPv4 and
 * IPv6, whosever socket it was.
 */
final class HostUdpErrors {
    private static final Path IPV4 = Path.of("/proc/net/snmp");
    private static final Path IPV6 = Path.of("/proc/net/snmp6");

    private HostUdpErrors() {}

    /** How many there were since the host started; empty where the system does not tell. */
    static OptionalLong receiveBufferFull() {
        try {
            // Without IPv6 there is no such file.
            List<String> ofIpv6 = Files.exists(IPV6) ? Files.readAllLines(IPV6) : List.of();
            return OptionalLong.of(ofIpv4(Files.readAllLines(IPV4)) + ofIpv6(ofIpv6));
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** A line of names and a line of numbers, each with {@code Udp:} before them. */
    static long ofIpv4(List<String> lines) {
        List<String[]> table = lines.stream()
                .filter(line -> line.startsWith("Udp: "))
                .map(line -> line.split(" "))
                .toList();
        if (table.size() < 2) {
            return 0;
        }
        int column = List.of(table.get(0)).indexOf("RcvbufErrors");
        return column < 0 || column >= table.get(1).length ? 0 : Long.parseLong(table.get(1)[column]);
    }

    /** A name and a number in each line. */
    static long ofIpv6(List<String> lines) {
        return lines.stream()
                .map(line -> line.trim().split("\\s+"))
                .filter(words -> words.length == 2 && words[0].equals("Udp6RcvbufErrors"))
                .mapToLong(words -> Long.parseLong(words[1]))
                .sum();
    }
}
