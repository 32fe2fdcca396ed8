package dev.culvert.ice.nat;

import dev.culvert.ice.nat.PairVerdict.Connection;
import java.util.ArrayList;
import java.util.List;

/** Why two hosts connect as they do, in words. */
final class PairReason {
    private PairReason() {}

    static String of(Connection connection, PairSide a, PairSide b) {
        return switch (connection) {
            case DIRECT -> PairVerdict.isReached(a, b) ? reached(a, b) : reached(b, a);
            case SIMULTANEOUS_OPEN ->
                isMoving(a) || isMoving(b)
                        ? moving(a, b)
                                + " is seen at another port by each peer, but the other side lets in every port of "
                                + "an address that it has sent to"
                        : "both keep their external address, and each lets in whom it has sent to";
            case PORT_PREDICTION ->
                moving(a, b)
                        + " is seen at another port by each peer, but its ports follow each other: the next can be "
                        + "guessed";
            case RELAY ->
                moving(a, b) + " is seen at another port by each peer, which the other side neither knows nor lets in";
            case LAN_OR_HAIRPIN, UNKNOWN -> "";
        };
    }

    static String ofUnknown(PairSide a, PairSide b) {
        List<String> unknown = new ArrayList<>();
        for (PairSide side : List.of(a, b)) {
            if (side.mapping() == MappingBehavior.UNKNOWN) {
                unknown.add("the mapping of " + side.name());
            }
            if (side.filtering() == FilteringBehavior.UNKNOWN) {
                unknown.add("the filtering of " + side.name());
            }
        }
        return "it depends on what is not known: " + String.join(", ", unknown)
                + "; probe again with servers that have two addresses (RFC 5780)";
    }

    private static String reached(PairSide reached, PairSide other) {
        return reached.name() + " lets in packets from anyone, and answers to where " + other.name()
                + " is seen to come from";
    }

    private static String moving(PairSide a, PairSide b) {
        if (isMoving(a) && isMoving(b)) {
            return "each of " + a.name() + " and " + b.name();
        }
        return isMoving(a) ? a.name() : b.name();
    }

    private static boolean isMoving(PairSide side) {
        return switch (side.mapping()) {
            case ADDRESS_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT -> true;
            case NONE, ENDPOINT_INDEPENDENT, BLOCKED -> false;
            case UNKNOWN -> side.symmetric();
        };
    }
}
