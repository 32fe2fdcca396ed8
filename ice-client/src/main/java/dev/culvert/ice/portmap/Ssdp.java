package dev.culvert.ice.portmap;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Searches for gateways by the Simple Service Discovery Protocol (UPnP Device Architecture 1.1, 1.3). */
final class Ssdp {
    static final int PORT = 1900;

    static final TransportAddress GROUP = new TransportAddress(IpAddress.v4(0xEFFFFFFA), PORT);

    /** A device of version 2 answers to 1, too; some that do not are searched for by themselves. */
    private static final List<String> TARGETS = List.of(
            "urn:schemas-upnp-org:device:InternetGatewayDevice:1",
            "urn:schemas-upnp-org:device:InternetGatewayDevice:2");

    private static final int MAX_ANSWER_BYTES = 2048;
    private static final int MAX_PATH = 512;
    private static final int HTTP_PORT = 80;

    private Ssdp() {}

    /**
     * A resource on a web server given by its address.
     *
     * @param path begins with a slash; with the query
     */
    record Location(TransportAddress server, String path) {}

    /** The searches to be sent to {@code host}, the group or one device. */
    static List<ByteBuffer> searches(TransportAddress host) {
        return TARGETS.stream().map(target -> search(host, target)).toList();
    }

    private static ByteBuffer search(TransportAddress host, String target) {
        String request = "M-SEARCH * HTTP/1.1\r\nHOST: " + host + "\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: " + target
                + "\r\n\r\n";
        return ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
    }

    /** Where the device that answers with {@code bytes} describes itself; empty where that is no gateway's answer. */
    static Optional<Location> locationOfGateway(ByteBuffer bytes) {
        if (bytes.remaining() > MAX_ANSWER_BYTES) {
            return Optional.empty();
        }
        List<String> lines = StandardCharsets.ISO_8859_1
                .decode(bytes.duplicate())
                .toString()
                .lines()
                .toList();
        boolean isAnswer = !lines.isEmpty() && lines.get(0).matches("HTTP/1\\.[01] 200\\b.*");
        if (!isAnswer || !header(lines, "st").filter(TARGETS::contains).isPresent()) {
            return Optional.empty();
        }
        return header(lines, "location").flatMap(Ssdp::location);
    }

    private static Optional<String> header(List<String> lines, String name) {
        String prefix = name + ":";
        return lines.stream()
                .skip(1)
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
                .map(line -> line.substring(prefix.length()).strip())
                .findFirst();
    }

    /** Reads an absolute {@code http} URL whose host is an address: names are not looked up for strangers. */
    static Optional<Location> location(String url) {
        try {
            URI uri = new URI(url);
            String path = uri.getRawPath();
            if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null || path == null) {
                return Optional.empty();
            }
            int port = uri.getPort() < 0 ? HTTP_PORT : uri.getPort();
            if (port == 0 || port > 0xFFFF || path.length() > MAX_PATH) {
                return Optional.empty();
            }
            String rooted = path.isEmpty() ? "/" : path;
            String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
            return IpAddress.parse(uri.getHost())
                    .map(ip -> new Location(new TransportAddress(ip, port), rooted + query));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** Reads a URL that may be relative to {@code base}; empty where it leads to another host. */
    static Optional<Location> relative(Location base, String url) {
        try {
            URI resolved = new URI("http://" + base.server() + base.path()).resolve(new URI(url));
            return location(resolved.toString())
                    .filter(found -> found.server().ip().equals(base.server().ip()));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
