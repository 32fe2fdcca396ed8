package dev.culvert.relay.io;

import dev.culvert.relay.core.IcmpIndication;
import dev.culvert.relay.core.RelayCounter;
import dev.culvert.relay.core.RelayPort;
import dev.culvert.relay.core.TurnServer;
import dev.culvert.server.core.SourceAddress;
import dev.culvert.server.io.ClientLink;
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

    /** Takes an error that a datagram from {@code relay}, which is {@code client}'s, to {@code destination} met with. */
    void report(RelayPort relay, ClientLink client, SourceAddress destination, int icmpType, int code, long mtu) {
        if (turn.routeIcmp(relay, destination, icmpType, System.nanoTime()) == null) {
            return;
        }
        int idHigh = transactionIds.nextInt();
        long idLow = transactionIds.nextLong();
        indication.clear();
        IcmpIndication.write(indication, idHigh, idLow, destination.toTransportAddress(), icmpType, code, mtu);
        // As data, which are dropped where the client does not read.
        if (!client.relay(indication.flip(), NOTHING, 0)) {
            turn.counters().increment(RelayCounter.CLIENT_SEND_FAILURES);
        }
    }
}
