package dev.culvert.relay.convert;

import dev.culvert.relay.config.RelayConfig.ExternalAddress;
import dev.culvert.relay.config.TurnSettings;
import dev.culvert.server.config.ServerSettings;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where it is relayed: addresses, ports, threads. */
final class RelayConversion {
    private static final int LOWEST_PORT = 1024;
    private static final int HIGHEST_PORT = 0xFFFF;
    private static final int MOST_THREADS = 1024;

    private final CoturnFile in;
    private final Draft draft;

    private RelayConversion(CoturnFile in, Draft draft) {
        this.in = in;
        this.draft = draft;
    }

    static void convert(CoturnFile in, Draft draft, Set<Integer> udpPorts) {
        RelayConversion conversion = new RelayConversion(in, draft);
        conversion.external(conversion.relay());
        conversion.ports(udpPorts);
        conversion.threads();
        draft.put(
                TurnSettings.RFC5766_CHANNEL_NUMBERS,
                List.of("true"),
                in.lines("rfc5766-channel-numbers"),
                "older clients use numbers above 0x4FFF.");
    }

    /** The relay addresses, by family. */
    private Map<AddressFamily, IpAddress> relay() {
        Map<AddressFamily, IpAddress> byFamily = new EnumMap<>(AddressFamily.class);
        List<CoturnLine> taken = new ArrayList<>();
        for (CoturnLine line : in.lines("relay-ip")) {
            Optional<IpAddress> ip = in.parse(line, TurnSettings.RELAY_ADDRESS.parser());
            if (ip.isPresent() && byFamily.putIfAbsent(ip.get().family(), ip.get()) == null) {
                taken.add(line);
            }
        }
        if (!taken.isEmpty()) {
            draft.put(TurnSettings.RELAY_ADDRESS, values(taken), taken);
        }
        draft.remark(in.lines("relay-ip"), "one relay address per family here, which is the first");
        return byFamily;
    }

    private void external(Map<AddressFamily, IpAddress> relay) {
        Set<Object> replaced = new HashSet<>();
        Set<IpAddress> told = new HashSet<>();
        List<CoturnLine> taken = new ArrayList<>();
        for (CoturnLine line : in.lines("external-ip")) {
            Optional<ExternalAddress> external =
                    in.parse(line, TurnSettings.EXTERNAL_ADDRESS.parser()).flatMap(parsed -> parsed);
            if (external.isPresent()
                    && isOfUse(external.get(), relay)
                    && told.add(external.get().told())) {
                AddressFamily family = external.get().told().family();
                if (replaced.add(external.get().local().<Object>map(ip -> ip).orElse(family))) {
                    taken.add(line);
                }
            }
        }
        if (!taken.isEmpty()) {
            draft.put(TurnSettings.EXTERNAL_ADDRESS, values(taken), taken);
        }
        draft.remark(
                in.lines("external-ip"),
                "one for each relay address and one for each family, which is the first; none for an address that"
                        + " nothing is relayed on");
    }

    /** Whether something is relayed on the address that it replaces. */
    private static boolean isOfUse(ExternalAddress external, Map<AddressFamily, IpAddress> relay) {
        return external.local()
                .map(local -> local.equals(relay.getOrDefault(local.family(), local)))
                .orElse(true);
    }

    private static List<String> values(List<CoturnLine> lines) {
        return lines.stream().map(CoturnLine::value).toList();
    }

    private void ports(Set<Integer> listeners) {
        int first = in.number("min-port", 0, HIGHEST_PORT, 49_152);
        int last = in.number("max-port", 0, HIGHEST_PORT, HIGHEST_PORT);
        List<CoturnLine> lines = in.lines("min-port", "max-port");
        if (last < Math.max(first, LOWEST_PORT)) {
            in.refuse("max-port is below min-port, or both below " + LOWEST_PORT, "give a range of ports above that");
            return;
        }
        int[] free = longestFree(Math.max(first, LOWEST_PORT), last, listeners);
        boolean isCut = free[0] != first || free[1] != last;
        if (lines.isEmpty() && !isCut) {
            return;
        }
        String range = free[0] + "-" + free[1];
        if (isCut) {
            draft.put(
                    TurnSettings.RELAY_PORTS,
                    List.of(range),
                    lines,
                    "no ports below " + LOWEST_PORT + ", and none of a listener: what is left of " + first + "-" + last
                            + ".");
        } else {
            draft.put(TurnSettings.RELAY_PORTS, List.of(range), lines);
        }
    }

    /** The most consecutive ports from {@code first} to {@code last} among which none of {@code taken} is. */
    private static int[] longestFree(int first, int last, Set<Integer> taken) {
        int[] longest = {first, first - 1};
        int start = first;
        for (int port = first; port <= last + 1; port++) {
            if (port > last || taken.contains(port)) {
                if (port - 1 - start > longest[1] - longest[0]) {
                    longest = new int[] {start, port - 1};
                }
                start = port + 1;
            }
        }
        return longest;
    }

    private void threads() {
        if (in.lines("relay-threads").isEmpty()) {
            return;
        }
        int threads = in.number("relay-threads", 0, MOST_THREADS, 1);
        draft.put(
                ServerSettings.THREADS,
                List.of(String.valueOf(Math.max(1, threads))),
                in.lines("relay-threads"),
                "event loops, which listen too.");
    }
}
