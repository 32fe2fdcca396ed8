package dev.culvert.relay.usage;

import dev.culvert.relay.core.RelayEvent;
import dev.culvert.relay.core.RelayEvent.AllocationCreated;
import dev.culvert.relay.core.RelayEvent.AllocationEnded;
import dev.culvert.relay.core.RelayEvent.AllocationLasts;
import dev.culvert.server.admin.ServerState.Series;
import dev.culvert.server.config.ServerConfig.Log.Addresses;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what each allocation uses: to a file, to a webhook, to both or to nobody. Event loops hand events over and never
 * wait; threads of its own write and deliver them. Used by any thread.
 */
public final class UsageReports {
    private static final Logger LOG = LoggerFactory.getLogger(UsageReports.class);

    /** How often events are written: what a crash of the server may take. */
    private static final long WRITE_MILLIS = 250;

    /** How long the last writing may take, which only a disk that hangs makes long. */
    private static final Duration LAST_WRITE = Duration.ofSeconds(2);

    /** Of the memory there is, what may wait before it is written, and once more for each outlet. */
    private static final long PART_OF_MEMORY = 16;

    private static final long MOST_BYTES = 64 << 20;
    private static final long BYTES_PER_EVENT = 512;

    private final Duration interval;
    private final HandOver handOver;
    private final Optional<OpenOutlet<UsageFile>> file;
    private final Optional<WebhookReports> webhook;
    private final Optional<Repeater> writing;

    private UsageReports(
            Duration interval,
            HandOver handOver,
            Optional<OpenOutlet<UsageFile>> file,
            Optional<WebhookReports> webhook,
            Optional<Repeater> writing) {
        this.interval = interval;
        this.handOver = handOver;
        this.file = file;
        this.webhook = webhook;
        this.writing = writing;
    }

    /**
     * Opens what {@code config} names, and begins to deliver what an earlier run has left.
     *
     * @param shown how much of a client's address is told
     * @throws IllegalArgumentException naming what cannot be opened
     */
    public static UsageReports open(UsageConfig config, String realm, Addresses shown) {
        long roomBytes = Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / PART_OF_MEMORY);
        HandOver handOver = new HandOver((int) (roomBytes / BYTES_PER_EVENT));
        Optional<OpenOutlet<UsageFile>> file = config.file().map(given -> open(given, roomBytes));
        Optional<WebhookReports> webhook;
        try {
            webhook = config.webhook().map(given -> WebhookReports.open(given, roomBytes));
        } catch (IllegalArgumentException e) {
            file.ifPresent(OpenOutlet::close);
            throw e;
        }
        if (config.isOff()) {
            return new UsageReports(config.interval(), handOver, file, webhook, Optional.empty());
        }
        List<Backlog> backlogs = Stream.concat(
                        file.map(outlet -> outlet.backlog).stream(), webhook.map(WebhookReports::backlog).stream())
                .toList();
        String instance = HexFormat.of().toHexDigits(new SecureRandom().nextLong());
        LOG.info("usage events of this run are those of instance {}", instance);
        UsageWriter writer = new UsageWriter(handOver, new EventText(instance, realm, shown), backlogs);
        Repeater writing = Repeater.start("usage-writer", () -> turn(writer), writer::finish);
        return new UsageReports(config.interval(), handOver, file, webhook, Optional.of(writing));
    }

    private static OpenOutlet<UsageFile> open(UsageConfig.EventFile given, long roomBytes) {
        String name = "--usage-file " + given.path();
        try {
            UsageFile opened = UsageFile.open(given.path(), given.mostBytes(), InstantSource.system());
            return new OpenOutlet<>(name, opened, roomBytes);
        } catch (IOException e) {
            throw new IllegalArgumentException(name + ": " + FailureText.of(e), e);
        }
    }

    private static long turn(UsageWriter writer) {
        writer.turn();
        return WRITE_MILLIS;
    }

    /** Whether anybody wants to know. */
    public boolean isOn() {
        return writing.isPresent();
    }

    /** How often an allocation is told while it lasts. */
    public Duration interval() {
        return interval;
    }

    /** Takes what an event says of usage, which most do not. Never waits; where room is short, interims are dropped first. */
    public void on(RelayEvent event) {
        if (!isOn()) {
            return;
        }
        if (event instanceof AllocationCreated created) {
            handOver.add(UsageEvent.Start.of(created, Instant.now()));
        } else if (event instanceof AllocationLasts lasts) {
            handOver.add(UsageEvent.Interim.of(lasts.allocation(), Instant.now()));
        } else if (event instanceof AllocationEnded ended) {
            handOver.add(UsageEvent.Stop.of(ended, Instant.now()));
        }
    }

    /** What became of events, by outlet. */
    public Map<Series, Long> counters() {
        Map<Series, Long> all = new LinkedHashMap<>();
        file.ifPresent(outlet -> outlet.addTo(all, "file", "--usage-file"));
        webhook.ifPresent(each -> each.addTo(all));
        return all;
    }

    /** What waits for the webhook. */
    public Map<Series, Long> levels() {
        Map<Series, Long> all = new LinkedHashMap<>();
        webhook.ifPresent(each -> each.addLevelsTo(all));
        return all;
    }

    /** Writes what was told until now, delivers what it can in a short time, and ends. Blocks for a few seconds at most. */
    public void close() throws InterruptedException {
        if (writing.isEmpty()) {
            return;
        }
        writing.get().stop();
        if (!writing.get().join(LAST_WRITE)) {
            LOG.error("the last usage events are not written: the disk does not answer");
            return;
        }
        file.ifPresent(OpenOutlet::close);
        if (webhook.isPresent()) {
            webhook.get().close();
        }
    }
}
