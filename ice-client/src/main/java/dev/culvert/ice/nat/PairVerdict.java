package dev.culvert.ice.nat;

import dev.culvert.stun.IpAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether two hosts connect over UDP, told from what each of them stands behind (RFC 5128 §3.3, RFC 4787).
 *
 * @param connection how
 * @param reason why, in words
 * @param confidence 0–1; 0 where nothing is proven
 */
public record PairVerdict(Connection connection, String reason, double confidence) {
    /** How two hosts connect. */
    public enum Connection {
        /** One of them is reached by a packet that it has not asked for, and answers. */
        DIRECT("direct", "direct"),
        /** Both send at about the same time, and so open their NATs for each other. */
        SIMULTANEOUS_OPEN("simultaneous-open", "direct, after both have sent (hole punching)"),
        /** As before, but to ports that are guessed from earlier ones. */
        PORT_PREDICTION("port-prediction", "direct, if ports are predicted"),
        RELAY("relay", "only by a relay"),
        /** Both are behind one public address: over their own network, or if the NAT sends back what it gets from inside. */
        LAN_OR_HAIRPIN("lan-or-hairpin", "over their own network, or by hairpinning"),
        UNKNOWN("unknown", "inconclusive");

        private final String text;
        private final String title;

        Connection(String text, String title) {
            this.text = text;
            this.title = title;
        }

        /** The name for machines. */
        public String text() {
            return text;
        }

        /** The name for people. */
        public String title() {
            return title;
        }
    }

    public PairVerdict {
        if (!(confidence >= 0 && confidence <= 1)) {
            throw new IllegalArgumentException("a confidence is 0 to 1, not " + confidence);
        }
    }

    /** Whether {@code a} and {@code b} connect, ICE or the like on both sides. */
    public static PairVerdict of(PairSide a, PairSide b) {
        return obstacle(a, b).or(() -> samePlace(a, b)).orElseGet(() -> ofAllThatMayBe(a, b));
    }

    private static Optional<PairVerdict> obstacle(PairSide a, PairSide b) {
        for (PairSide side : List.of(a, b)) {
            if (side.mapping() == MappingBehavior.BLOCKED) {
                double confidence = Math.min(a.confidence(), b.confidence());
                String reason = side.name() + " lets no UDP through: only by a relay that is reached over TCP or TLS";
                return Optional.of(new PairVerdict(Connection.RELAY, reason, confidence));
            }
            if (side.external().isEmpty()) {
                return Optional.of(
                        unknown("no server has seen " + side.name() + ": its report names no external address"));
            }
        }
        IpAddress ofA = a.external().get(0).ip();
        IpAddress ofB = b.external().get(0).ip();
        if (ofA.family() != ofB.family()) {
            return Optional.of(
                    unknown("one report is about IPv4, the other about IPv6; make both with -4, or both with -6"));
        }
        if (AddressScope.of(ofA) != AddressScope.of(ofB)) {
            return Optional.of(unknown("the servers that saw " + ofA + " and " + ofB
                    + " stand on different sides of a NAT; make both reports with servers on the Internet"));
        }
        return Optional.empty();
    }

    private static Optional<PairVerdict> samePlace(PairSide a, PairSide b) {
        return a.externalIps().stream()
                .filter(b.externalIps()::contains)
                .findFirst()
                .map(shared -> new PairVerdict(
                        Connection.LAN_OR_HAIRPIN,
                        "both are seen at " + shared
                                + ": on one network they connect over it, by their local addresses; "
                                + "behind a carrier's NAT only if it hairpins, which nat-probe hairpin tells",
                        0));
    }

    /** One verdict for whatever the unknown may turn out to be, or none. */
    private static PairVerdict ofAllThatMayBe(PairSide a, PairSide b) {
        Set<Connection> possible = new LinkedHashSet<>();
        for (PairSide oneA : possibilities(a)) {
            for (PairSide oneB : possibilities(b)) {
                possible.add(connection(oneA, oneB));
            }
        }
        double confidence = confidence(a) * confidence(b);
        if (possible.size() == 1) {
            Connection only = possible.iterator().next();
            return new PairVerdict(only, PairReason.of(only, a, b), confidence);
        }
        if (Set.of(Connection.DIRECT, Connection.SIMULTANEOUS_OPEN).containsAll(possible)) {
            return new PairVerdict(
                    Connection.SIMULTANEOUS_OPEN,
                    "whatever the filtering is that was not measured, it opens when both send",
                    confidence);
        }
        return unknown(PairReason.ofUnknown(a, b));
    }

    /** What is unknown lowers no confidence where it does not matter. */
    private static double confidence(PairSide side) {
        return side.confidence() == 0 ? 1 : side.confidence();
    }

    private static PairVerdict unknown(String reason) {
        return new PairVerdict(Connection.UNKNOWN, reason, 0);
    }

    private static Set<PairSide> possibilities(PairSide side) {
        Set<PairSide> all = new LinkedHashSet<>();
        for (MappingBehavior mapping : mappings(side)) {
            for (FilteringBehavior filtering : FilteringBehavior.values()) {
                boolean possible = side.filtering() == FilteringBehavior.UNKNOWN || side.filtering() == filtering;
                if (possible && filtering != FilteringBehavior.UNKNOWN) {
                    all.add(side.behaving(mapping, filtering));
                }
            }
        }
        return all;
    }

    private static List<MappingBehavior> mappings(PairSide side) {
        if (side.mapping() != MappingBehavior.UNKNOWN) {
            return List.of(side.mapping());
        }
        List<MappingBehavior> dependent =
                List.of(MappingBehavior.ADDRESS_DEPENDENT, MappingBehavior.ADDRESS_AND_PORT_DEPENDENT);
        return side.symmetric()
                ? dependent
                : List.of(
                        MappingBehavior.ENDPOINT_INDEPENDENT,
                        MappingBehavior.ADDRESS_DEPENDENT,
                        MappingBehavior.ADDRESS_AND_PORT_DEPENDENT);
    }

    /** The table, for two sides of which everything is known. */
    private static Connection connection(PairSide a, PairSide b) {
        if (isReached(a, b) || isReached(b, a)) {
            return Connection.DIRECT;
        }
        boolean aKeepsItsMapping = keepsItsMapping(a.mapping());
        boolean bKeepsItsMapping = keepsItsMapping(b.mapping());
        if (aKeepsItsMapping && bKeepsItsMapping) {
            return Connection.SIMULTANEOUS_OPEN;
        }
        if (aKeepsItsMapping) {
            return openedFor(a, b);
        }
        return bKeepsItsMapping ? openedFor(b, a) : guessed(a.isGuessable() && b.isGuessable());
    }

    /** Whether what {@code sender} sends reaches {@code taker}, and the answer gets back to {@code sender}. */
    static boolean isReached(PairSide taker, PairSide sender) {
        if (!takesAll(taker)) {
            return false;
        }
        // From a NAT whose mapping depends on the peer, the answer comes from another port than the one that was sent
        // to.
        boolean fromThatPort = keepsItsMapping(taker.mapping());
        boolean anyPort = sender.filtering() == FilteringBehavior.ADDRESS_DEPENDENT && taker.hasOneExternalIp();
        return fromThatPort || takesAll(sender) || anyPort;
    }

    /** One side with a fixed mapping, which it opens by sending, and one that comes from another port for each peer. */
    private static Connection openedFor(PairSide fixed, PairSide moving) {
        boolean anyPort = fixed.filtering() == FilteringBehavior.ADDRESS_DEPENDENT && moving.hasOneExternalIp();
        return anyPort ? Connection.SIMULTANEOUS_OPEN : guessed(moving.isGuessable());
    }

    private static Connection guessed(boolean guessable) {
        return guessable ? Connection.PORT_PREDICTION : Connection.RELAY;
    }

    private static boolean keepsItsMapping(MappingBehavior mapping) {
        return mapping == MappingBehavior.NONE || mapping == MappingBehavior.ENDPOINT_INDEPENDENT;
    }

    private static boolean takesAll(PairSide side) {
        return side.filtering() == FilteringBehavior.ENDPOINT_INDEPENDENT;
    }
}
