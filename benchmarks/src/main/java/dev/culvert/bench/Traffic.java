package dev.culvert.bench;

import dev.culvert.server.config.ServerConfig.Transport;
import java.util.List;

/**
 * Application data that go through a relay.
 *
 * @param transport between client and server
 * @param allocations how many are used at a time
 * @param window how many payloads each of them has on its way, in each direction
 * @param trains how datagrams travel
 */
record Traffic(
        Transport transport,
        Framing framing,
        Direction direction,
        int allocations,
        int window,
        int payloadBytes,
        Trains trains) {
    private static final int BULK_ALLOCATIONS = 8;
    private static final int BULK_WINDOW = 16;
    private static final int THIN_ALLOCATIONS = 100;
    private static final int PACED_WINDOW = 128;
    private static final int SMALL = 160;
    private static final int LARGE = 1200;

    /** How data travel between client and server. */
    enum Framing {
        CHANNEL_DATA,
        INDICATIONS
    }

    /** Which way data travel. */
    enum Direction {
        TO_PEER("client→peer"),
        TO_CLIENT("peer→client"),
        BOTH("both");

        private final String text;

        Direction(String text) {
            this.text = text;
        }

        boolean isToPeer() {
            return this != TO_CLIENT;
        }

        boolean isToClient() {
            return this != TO_PEER;
        }
    }

    /** Few allocations, each with many packets on the way. */
    static Traffic bulk(Transport transport, Direction direction, int payloadBytes) {
        return new Traffic(
                transport, Framing.CHANNEL_DATA, direction, BULK_ALLOCATIONS, BULK_WINDOW, payloadBytes, Trains.SENT);
    }

    /** The same, each datagram sent alone. */
    static Traffic singles(Direction direction, int payloadBytes) {
        return new Traffic(
                Transport.UDP,
                Framing.CHANNEL_DATA,
                direction,
                BULK_ALLOCATIONS,
                BULK_WINDOW,
                payloadBytes,
                Trains.NONE);
    }

    /** The same in Send and Data indications. */
    static Traffic indications(Direction direction, int payloadBytes) {
        return new Traffic(
                Transport.UDP,
                Framing.INDICATIONS,
                direction,
                BULK_ALLOCATIONS,
                BULK_WINDOW,
                payloadBytes,
                Trains.SENT);
    }

    /** The same in trains. */
    static Traffic trains(Direction direction) {
        return new Traffic(
                Transport.UDP,
                Framing.CHANNEL_DATA,
                direction,
                BULK_ALLOCATIONS,
                BULK_WINDOW * 2,
                LARGE,
                Trains.SENT_AND_RECEIVED);
    }

    /** Many allocations, each with one packet on the way, so that there are never two in a row to one place. */
    static Traffic thin(Direction direction, int allocations) {
        return new Traffic(Transport.UDP, Framing.CHANNEL_DATA, direction, allocations, 1, SMALL, Trains.NONE);
    }

    /** Data by the clock through all allocations in turn; the window is no limit then, but says what is kept account of. */
    static Traffic paced(int allocations) {
        int window = Math.max(2, PACED_WINDOW / allocations);
        return new Traffic(
                Transport.UDP, Framing.CHANNEL_DATA, Direction.BOTH, allocations, window, SMALL, Trains.NONE);
    }

    static List<Traffic> allBulk(Transport transport) {
        return List.of(
                bulk(transport, Direction.TO_PEER, SMALL),
                bulk(transport, Direction.TO_CLIENT, SMALL),
                bulk(transport, Direction.BOTH, SMALL),
                bulk(transport, Direction.TO_PEER, LARGE),
                bulk(transport, Direction.TO_CLIENT, LARGE),
                bulk(transport, Direction.BOTH, LARGE));
    }

    static List<Traffic> allSingles() {
        return List.of(
                singles(Direction.TO_PEER, SMALL),
                singles(Direction.TO_CLIENT, SMALL),
                singles(Direction.TO_PEER, LARGE),
                singles(Direction.TO_CLIENT, LARGE));
    }

    static List<Traffic> allTrains() {
        return List.of(trains(Direction.TO_PEER), trains(Direction.TO_CLIENT), trains(Direction.BOTH));
    }

    static List<Traffic> allThin() {
        return List.of(
                thin(Direction.TO_PEER, THIN_ALLOCATIONS),
                thin(Direction.TO_CLIENT, THIN_ALLOCATIONS),
                thin(Direction.BOTH, THIN_ALLOCATIONS));
    }

    static List<Traffic> allIndications() {
        return List.of(indications(Direction.TO_PEER, SMALL), indications(Direction.TO_CLIENT, SMALL));
    }

    @Override
    public String toString() {
        return payloadBytes + " B " + direction.text;
    }
}
