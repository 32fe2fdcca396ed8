package dev.culvert.relay.io;

import dev.culvert.relay.core.IcmpIndication;
import dev.culvert.relay.core.RelayCounter;
import dev.culvert.relay.core.RelayPort;
import dev.culvert.relay.core.Route;
import dev.culvert.relay.core.TurnServer;
import dev.culvert.server.core.SourceAddress;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/** Tells clients of ICMP errors that their datagrams met with behind the relay. Owned by one loop's thread. */
final class IcmpReports {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final TurnServer turn;
    private final RandomGenerator transactionIds;
    private final ByteBuffer indication = ByteBuffer.allocateDirect(IcmpIndication.MAX_LENGTH);

    IcmpReports(TurnServer turn, RandomGenerator transactionIds) {
        this.turn = turn;
        this.transactionIds = transactionIds;
    }

    /** Takes an error that a datagram from {@code relay} to {@code destination} met with. */
    void report(RelayPort relay, SourceAddress destination, int icmpType, int code, long mtu) {
        Route route = turn.routeIcmp(relay, destination, icmpType, System.nanoTime());
        if (route == null) {
            return;
        }
        int idHigh = transactionIds.nextInt();
        long idLow = transactionIds.nextLong();
        indication.clear();
        IcmpIndication.write(indication, idHigh, idLow, destination.toTransportAddress(), icmpType, code, mtu);
        // As data, which are dropped where the client does not read.
        if (!RelayShard.link(route).relay(indication.flip(), NOTHING, 0)) {
            turn.counters().increment(RelayCounter.CLIENT_SEND_FAILURES);
        }
    }
}
