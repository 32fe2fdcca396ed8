package dev.culvert.relay.policy;

import dev.culvert.relay.policy.Ground.BuiltInDeny;
import dev.culvert.server.config.InvalidValueException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The denies that hold unless an operator says otherwise: what is not globally reachable, and tunnels. */
final class BuiltInDenies {
    private static final String RESOURCE = "not-globally-reachable.txt";

    /** RFC 8656 §21.4: a server must not accept Teredo or 6to4 addresses, since a tunnel may lead back to it. */
    private static final List<String> TUNNELS =
            List.of("2001::/32; Teredo tunnel; RFC 8656 §21.4", "2002::/16; 6to4 tunnel; RFC 8656 §21.4");

    /** The denies by prefix. */
    static final PrefixTable<BuiltInDeny> TABLE = table();

    /**
     * A line of the resource.
     *
     * @param prefix the prefix as IANA writes it
     * @param isReading whether it is no deny, but judged by the IPv4 address inside, see {@link AddressReading}
     */
    record Row(String prefix, boolean isReading, String reason) {
        static Row of(String line) {
            String[] fields = line.split("; ");
            String prefix = fields[0].replace(" inner", "");
            return new Row(prefix, !prefix.equals(fields[0]), fields[1] + ", " + fields[2]);
        }
    }

    private BuiltInDenies() {}

    private static PrefixTable<BuiltInDeny> table() {
        Map<IpPrefix, BuiltInDeny> denies = new HashMap<>();
        rows().stream().filter(row -> !row.isReading()).forEach(row -> put(denies, row));
        TUNNELS.stream().map(Row::of).forEach(row -> put(denies, row));
        return new PrefixTable<>(denies);
    }

    private static void put(Map<IpPrefix, BuiltInDeny> denies, Row row) {
        try {
            IpPrefix prefix = PeerRuleText.prefix(row.prefix());
            denies.put(prefix, new BuiltInDeny(prefix, row.reason()));
        } catch (InvalidValueException e) {
            throw new IllegalStateException(row.prefix() + " in " + RESOURCE, e);
        }
    }

    static List<Row> rows() {
        try (InputStream stream = BuiltInDenies.class.getResourceAsStream(RESOURCE)) {
            if (stream == null) {
                throw new IllegalStateException(RESOURCE + " is missing from the class path");
            }
            String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Row::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
