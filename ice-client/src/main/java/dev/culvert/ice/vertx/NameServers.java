package dev.culvert.ice.vertx;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The DNS servers that a system names in its resolv.conf(5). */
final class NameServers {
    /** Where Linux, macOS and the BSDs name them. */
    static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");

    private static final int DNS_PORT = 53;

    /** The keyword begins the line, and whatever follows the address is left aside. */
    private static final Pattern LINE = Pattern.compile("nameserver\\s+(\\S+).*");

    private NameServers() {}

    /** The first server in these lines; one whose address is of one link alone is passed over, as Vert.x cannot ask it. */
    static Optional<TransportAddress> first(List<String> lines) {
        return lines.stream()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .flatMap(matcher -> IpAddress.parse(matcher.group(1)).stream())
                .filter(ip -> !ip.toInetAddress().isLinkLocalAddress())
                .map(ip -> new TransportAddress(ip, DNS_PORT))
                .findFirst();
    }
}
