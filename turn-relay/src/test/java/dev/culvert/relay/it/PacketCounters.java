package dev.culvert.relay.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.lab.LabHost;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Named counters of packets on a host of a laboratory, in an nft table of their own. */
final class PacketCounters {
    private static final Pattern PACKETS = Pattern.compile("packets (\\d+)");

    private final LabHost host;

    /**
     * Begins to count.
     *
     * @param counters names of counters
     * @param rules of a chain that sees all that arrives
     */
    PacketCounters(LabHost host, Iterable<String> counters, Iterable<String> rules) {
        this.host = host;
        StringBuilder script = new StringBuilder("table inet headers {\n");
        counters.forEach(counter -> script.append("counter ").append(counter).append(" { }\n"));
        script.append("chain prerouting {\ntype filter hook prerouting priority -500;\n");
        rules.forEach(rule -> script.append(rule).append('\n'));
        host.nft(script.append("}\n}\n").toString());
    }

    void reset() {
        host.run("nft", "reset", "counters").check();
    }

    long count(String counter) {
        String listing = host.run("nft", "list", "counter", "inet", "headers", counter)
                .check()
                .out();
        Matcher packets = PACKETS.matcher(listing);
        assertThat(packets.find()).as(listing).isTrue();
        return Long.parseLong(packets.group(1));
    }
}
