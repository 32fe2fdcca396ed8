package dev.culvert.server.io;

import dev.culvert.server.config.ServerConfig.ConnectionLimits;
import dev.culvert.server.config.SourcePrefix;
import dev.culvert.stun.IpAddress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Counts open connections, in all and per source prefix (/24, /56), for all event loops together. Thread-safe. */
final class ConnectionCap {
    private ConnectionLimits limits;
    private final Map<IpAddress, Integer> openByPrefix = new HashMap<>();
    private final Promise<Void> allClosed = Promise.promise();
    private int open;
    private boolean draining;

    ConnectionCap(ConnectionLimits limits) {
        this.limits = limits;
    }

    /** Goes on with other limits; what is open stays. */
    synchronized void limit(ConnectionLimits next) {
        limits = next;
    }

    /** How many are open. */
    synchronized int open() {
        return open;
    }

    /** A place for one more connection, whoever it is from; empty where there is none. */
    synchronized Optional<Seat> take() {
        if (draining || open >= limits.max()) {
            return Optional.empty();
        }
        open++;
        return Optional.of(new Seat());
    }

    private synchronized boolean claim(IpAddress prefix) {
        int ofPrefix = openByPrefix.getOrDefault(prefix, 0);
        if (ofPrefix >= limits.maxPerPrefix()) {
            return false;
        }
        openByPrefix.put(prefix, ofPrefix + 1);
        return true;
    }

    private synchronized void leave(Optional<IpAddress> prefix) {
        open--;
        prefix.ifPresent(
                claimed -> openByPrefix.computeIfPresent(claimed, (same, count) -> count == 1 ? null : count - 1));
        completeWhenDrained();
    }

    /** The place of one connection. Owned by one thread. */
    final class Seat {
        private Optional<IpAddress> prefix = Optional.empty();

        /** Whether the connection may stay, now that it is known to come from {@code source}. */
        boolean claim(IpAddress source) {
            IpAddress wanted = SourcePrefix.of(source);
            if (!ConnectionCap.this.claim(wanted)) {
                return false;
            }
            prefix = Optional.of(wanted);
            return true;
        }

        /** The connection is gone; called once. */
        void leave() {
            ConnectionCap.this.leave(prefix);
        }
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
