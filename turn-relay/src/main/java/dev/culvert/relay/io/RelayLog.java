package dev.culvert.relay.io;

import dev.culvert.relay.core.RelayEvent;
import dev.culvert.relay.core.RelayEvent.AllocationCreated;
import dev.culvert.relay.core.RelayEvent.AllocationEnded;
import dev.culvert.relay.core.RelayEvent.AllocationRefused;
import dev.culvert.relay.core.RelayEvent.AuthenticationFailed;
import dev.culvert.server.config.ServerConfig.Log.Addresses;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ErrorCode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line for each thing that an operator wants to know. Used by any thread. */
final class RelayLog {
    private static final Logger LOG = LoggerFactory.getLogger("turn");
    private static final long EXHAUSTED_PERIOD_NANOS = TimeUnit.SECONDS.toNanos(10);

    private volatile Addresses shown;
    private final AtomicLong exhaustedAtNanos = new AtomicLong(System.nanoTime() - EXHAUSTED_PERIOD_NANOS);

    RelayLog(Addresses shown) {
        this.shown = shown;
    }

    /** Shows so much of a client's address from now on. */
    void show(Addresses addresses) {
        shown = addresses;
    }

    void on(RelayEvent event) {
        if (event instanceof AllocationCreated created) {
            LOG.info(
                    "allocation created: {} user={} relayed={}",
                    client(created.flow()),
                    quoted(created.username()),
                    list(created.relayed()));
        } else if (event instanceof AllocationRefused refused) {
            LOG.info(
                    "allocation refused: {} user={} code={} ({})",
                    client(refused.flow()),
                    quoted(refused.username()),
                    refused.code(),
                    ErrorCode.of(refused.code()).reason());
        } else if (event instanceof AllocationEnded ended) {
            LOG.info(
                    "allocation ended: {} user={} reason={} seconds={} bytes-to-peers={} bytes-to-client={}",
                    client(ended.flow()),
                    quoted(ended.username()),
                    word(ended.reason()),
                    TimeUnit.NANOSECONDS.toSeconds(ended.durationNanos()),
                    ended.bytesToPeers(),
                    ended.bytesToClient());
        } else if (event instanceof AuthenticationFailed failed) {
            // A stable line: deploy/fail2ban has the expression by which fail2ban reads it.
            LOG.warn("authentication failed: {} reason={}", client(failed.flow()), word(failed.reason()));
        }
    }

    /** Tells that no relay socket can be had; not once per request. */
    void exhausted(TransportAddress local, IOException cause) {
        long now = System.nanoTime();
        long last = exhaustedAtNanos.get();
        if (now - last >= EXHAUSTED_PERIOD_NANOS && exhaustedAtNanos.compareAndSet(last, now)) {
            LOG.error("cannot open a relay port on {}: {}; new allocations get 508", local.ip(), cause.getMessage());
        }
    }

    private String client(FiveTuple flow) {
        return "client=" + shown.show(flow.remote()) + " transport=" + word(flow.transport());
    }

    private static String list(List<TransportAddress> addresses) {
        return addresses.stream().map(TransportAddress::toString).collect(Collectors.joining(","));
    }

    /** Usernames are words of clients: nothing in them ends the quotes or the line. */
    private static String quoted(String username) {
        return '"' + username.replaceAll("[\"\\\\\\p{C}\\p{Zl}\\p{Zp}]", "?") + '"';
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
