package dev.culvert.relay.io;

import dev.culvert.relay.core.AllocationIds;
import dev.culvert.relay.core.Refusal;
import dev.culvert.relay.core.RelayEvent;
import dev.culvert.relay.core.RelayEvent.AllocationCreated;
import dev.culvert.relay.core.RelayEvent.AllocationEnded;
import dev.culvert.relay.core.RelayEvent.AllocationRefused;
import dev.culvert.relay.core.RelayEvent.AuthenticationFailed;
import dev.culvert.relay.core.RelayEvent.RequestRefused;
import dev.culvert.server.config.ServerConfig.Log.Addresses;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.server.log.LineKind;
import dev.culvert.server.log.Quoted;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransportAddress;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** One line for each thing that an operator wants to know. Used by any thread. */
final class RelayLog {
    private static final Logger LOG = LoggerFactory.getLogger("turn");

    private volatile Addresses shown;

    RelayLog(Addresses shown) {
        this.shown = shown;
    }

    /** Shows so much of a client's address from now on. */
    void show(Addresses addresses) {
        shown = addresses;
    }

    void on(RelayEvent event) {
        if (event instanceof AllocationCreated created) {
            created(created);
        } else if (event instanceof AllocationEnded ended) {
            ended(ended);
        } else if (event instanceof AllocationRefused refused) {
            LoggingEventBuilder line = ofUser(refused.flow(), refused.username());
            refused(line, refused.username(), refused.code(), refused.why()).log("allocation refused");
        } else if (event instanceof RequestRefused refused) {
            refused(refused);
        } else if (event instanceof AuthenticationFailed failed) {
            // A stable line: deploy/fail2ban has the expression by which fail2ban reads it.
            client(LOG.atWarn(), failed.flow())
                    .addKeyValue("reason", word(failed.reason()))
                    // So that a flood from one network hides no line about another one.
                    .addMarker(LineKind.of(Addresses.PREFIX.show(failed.flow().remote())))
                    .log("authentication failed");
        }
    }

    private void created(AllocationCreated created) {
        ofUser(created.flow(), created.username())
                .addKeyValue(
                        "relayed",
                        created.relayed().stream()
                                .map(TransportAddress::toString)
                                .toList())
                .addKeyValue("allocation", AllocationIds.text(created.id()))
                .log("allocation created");
    }

    private void ended(AllocationEnded ended) {
        ofUser(ended.flow(), ended.username())
                .addKeyValue("reason", word(ended.reason()))
                .addKeyValue("seconds", TimeUnit.NANOSECONDS.toSeconds(ended.durationNanos()))
                .addKeyValue("bytes_to_peers", ended.traffic().bytesToPeers())
                .addKeyValue("packets_to_peers", ended.traffic().packetsToPeers())
                .addKeyValue("bytes_to_client", ended.traffic().bytesToClient())
                .addKeyValue("packets_to_client", ended.traffic().packetsToClient())
                .addKeyValue("allocation", AllocationIds.text(ended.id()))
                .log("allocation ended");
    }

    private void refused(RequestRefused refused) {
        LoggingEventBuilder line =
                ofUser(refused.flow(), refused.username()).addKeyValue("method", StunMethod.name(refused.method()));
        if (refused.allocation().isPresent()) {
            line = line.addKeyValue(
                    "allocation", AllocationIds.text(refused.allocation().getAsLong()));
        }
        refused(line, refused.username(), refused.code(), refused.why()).log("request refused");
    }

    private LoggingEventBuilder refused(LoggingEventBuilder begun, String username, int code, Refusal why) {
        String reason = word(why.reason());
        LoggingEventBuilder line = begun.addKeyValue("code", code).addKeyValue("reason", reason);
        if (why.peer().isPresent()) {
            line = line.addKeyValue("peer", peer(why.peer().get()));
        }
        return line.addKeyValue("why", new Quoted(why.words())).addMarker(LineKind.of(reason, username));
    }

    /** Tells that no relay socket can be had. */
    void exhausted(TransportAddress local, IOException cause) {
        LOG.error("cannot open a relay port on {}: {}; new allocations get 508", local.ip(), cause.getMessage());
    }

    private LoggingEventBuilder ofUser(FiveTuple flow, String username) {
        return client(LOG.atInfo(), flow).addKeyValue("user", new Quoted(username));
    }

    private LoggingEventBuilder client(LoggingEventBuilder line, FiveTuple flow) {
        return line.addKeyValue("client", shown.show(flow.remote())).addKeyValue("transport", word(flow.transport()));
    }

    private String peer(IpAddress peer) {
        return shown == Addresses.FULL ? peer.toString() : shown.show(new TransportAddress(peer, 0));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
