package dev.culvert.server.io;

import dev.culvert.server.config.ServerConfig.ConnectionLimits;
import dev.culvert.server.config.SourcePrefix;
import dev.culvert.stun.IpAddress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.Map;

/** Counts open connections, in all and per source prefix (/24, /56), for all event loops together. Thread-safe. */
final class ConnectionCap {
    private final ConnectionLimits limits;
    private final Map<IpAddress, Integer> openByPrefix = new HashMap<>();
    private final Promise<Void> allClosed = Promise.promise();
    private int open;
    private boolean draining;

    ConnectionCap(ConnectionLimits limits) {
        this.limits = limits;
    }

    /** Whether one more connection from {@code source} may stay; then {@link #closed} must be called once for it. */
    synchronized boolean admits(IpAddress source) {
        IpAddress prefix = SourcePrefix.of(source);
        int ofPrefix = openByPrefix.getOrDefault(prefix, 0);
        if (draining || open >= limits.max() || ofPrefix >= limits.maxPerPrefix()) {
            return false;
        }
        open++;
        openByPrefix.put(prefix, ofPrefix + 1);
        return true;
    }

    synchronized void closed(IpAddress source) {
        open--;
        openByPrefix.computeIfPresent(SourcePrefix.of(source), (prefix, count) -> count == 1 ? null : count - 1);
        completeWhenDrained();
    }

    /** Admits no more; completes when the last connection has closed. */
    synchronized Future<Void> drain() {
        draining = true;
        completeWhenDrained();
        return allClosed.future();
    }

    private void completeWhenDrained() {
        if (draining && open == 0) {
            allClosed.tryComplete();
        }
    }
}
