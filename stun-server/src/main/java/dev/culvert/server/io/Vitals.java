package dev.culvert.server.io;

import dev.culvert.server.core.Histogram;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How a server is at this moment.
 *
 * @param loopLags how late each event loop came to what was due, since the start
 * @param recentLagNanos the longest of these in the last 10 to 20 seconds, for each event loop
 * @param certificateExpiry by file, in seconds of the epoch
 * @param directMemoryBytes outside of the heap, as Netty counts; 0 where it leaves that to the JVM
 * @param hostReceiveBufferFull datagrams that this host dropped for want of room in a socket; empty where it does not tell
 */
public record Vitals(
        List<Histogram> loopLags,
        List<Long> recentLagNanos,
        Map<String, Long> certificateExpiry,
        long directMemoryBytes,
        OptionalLong hostReceiveBufferFull) {
    public Vitals {
        loopLags = List.copyOf(loopLags);
        recentLagNanos = List.copyOf(recentLagNanos);
        certificateExpiry = Map.copyOf(certificateExpiry);
    }

    static Vitals of(Shards shards) {
        return new Vitals(
                shards.lags().stream().map(LoopLag::lags).toList(),
                shards.lags().stream().map(LoopLag::recentNanos).toList(),
                shards.certificateExpiry(),
                EventLoops.directMemoryBytes(),
                HostUdpErrors.receiveBufferFull());
    }
}
