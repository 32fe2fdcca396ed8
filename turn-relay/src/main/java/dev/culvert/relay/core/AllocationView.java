package dev.culvert.relay.core;

import dev.culvert.server.core.FiveTuple;
import dev.culvert.stun.TransportAddress;
import java.util.List;

/**
 * An allocation as it was at one moment.
 *
 * @param id unlike that of any other allocation of this server since its start
 * @param relayed its relayed transport addresses as the client is told
 * @param ageNanos since it was created
 * @param leftNanos until it expires unless it is refreshed
 * @param permissions how many are installed
 * @param channels how many are bound
 * @param traffic what was relayed for it
 */
public record AllocationView(
        long id,
        FiveTuple flow,
        String username,
        List<TransportAddress> relayed,
        long ageNanos,
        long leftNanos,
        int permissions,
        int channels,
        Traffic traffic) {
    public AllocationView {
        relayed = List.copyOf(relayed);
    }

    /** Application data that was relayed: bytes and packets, sent by the client and by its peers. */
    public record Traffic(long bytesToPeers, long packetsToPeers, long bytesToClient, long packetsToClient) {}
}
