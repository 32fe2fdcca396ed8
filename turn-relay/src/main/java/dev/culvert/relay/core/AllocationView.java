package dev.culvert.relay.core;

import dev.culvert.server.core.FiveTuple;
import dev.culvert.stun.TransportAddress;
import java.util.List;

/**
 * An allocation as it was at one moment.
 *
 * @param id unlike that of any other allocation of this server, before its last start too; shown by {@link AllocationIds}
 * @param userId whom quotas count: for a time-limited credential its username without the expiry
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
        String userId,
        List<TransportAddress> relayed,
        long ageNanos,
        long leftNanos,
        int permissions,
        int channels,
        Traffic traffic) {
    public AllocationView {
        relayed = List.copyOf(relayed);
    }

    /**
     * Application data that was relayed.
     *
     * @param bytesToPeers what the client sent
     * @param packetsToPeers in ChannelData and Send indications
     * @param bytesToClient what its peers sent
     * @param packetsToClient in ChannelData and Data indications
     */
    public record Traffic(long bytesToPeers, long packetsToPeers, long bytesToClient, long packetsToClient) {}
}
