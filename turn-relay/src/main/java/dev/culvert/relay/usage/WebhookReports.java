package dev.culvert.relay.usage;

import dev.culvert.relay.usage.UsageConfig.Webhook;
import dev.culvert.server.admin.ServerState.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The queue of a webhook, and the thread that empties it. Used by any thread. */
final class WebhookReports {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookReports.class);

    /** How long the end of the server waits for the endpoint; what is left is delivered after the next start. */
    private static final Duration LAST_DELIVERY = Duration.ofSeconds(2);

    private final OpenOutlet<WebhookQueue> queue;
    private final OutletCounts delivered = new OutletCounts();
    private final WebhookSender sender;
    private final Repeater sending;

    private WebhookReports(Webhook config, OpenOutlet<WebhookQueue> queue) throws IOException {
        this.queue = queue;
        this.sender = new WebhookSender(config, queue.outlet, delivered, InstantSource.system(), new SecureRandom());
        this.sending = Repeater.start("usage-webhook", sender::turn, () -> sender.finish(LAST_DELIVERY));
    }

    /** @throws IllegalArgumentException naming what cannot be opened */
    static WebhookReports open(Webhook config, long capacityBytes) {
        Path folder = config.queueFolder();
        WebhookQueue queue;
        try {
            queue = WebhookQueue.open(folder, config.queueBytes());
        } catch (IOException e) {
            throw new IllegalArgumentException("--webhook-queue-dir " + folder + ": " + FailureText.of(e), e);
        }
        warnOfPlainText(config);
        OpenOutlet<WebhookQueue> outlet = new OpenOutlet<>("webhook queue " + folder, queue, capacityBytes);
        try {
            WebhookReports reports = new WebhookReports(config, outlet);
            if (queue.events() > 0) {
                LOG.info("webhook: {} usage events of an earlier run wait", queue.events());
            }
            return reports;
        } catch (IOException e) {
            outlet.close();
            throw new IllegalArgumentException(
                    "--webhook-secret-file " + config.secretFile() + ": " + FailureText.of(e), e);
        }
    }

    private static void warnOfPlainText(Webhook config) {
        boolean isNear = config.uri().getHost().matches("localhost|127\\.[0-9.]+|\\[::1]");
        if (config.uri().getScheme().equalsIgnoreCase("http") && !isNear) {
            LOG.warn(
                    "--webhook: whoever is on the way to {} can read usage events; use https",
                    config.uri().getHost());
        }
    }

    Backlog backlog() {
        return queue.backlog;
    }

    void addTo(Map<Series, Long> all) {
        queue.addTo(all, "queue", "the webhook's queue");
        all.put(
                OpenOutlet.series("webhook_delivered", "usage events that the webhook has taken"),
                delivered.written.sum());
        all.put(
                OpenOutlet.series(
                        "webhook_failures", "deliveries to the webhook that failed, each of which is repeated"),
                delivered.failures.sum());
    }

    void addLevelsTo(Map<Series, Long> all) {
        all.put(OpenOutlet.series("queue_events", "usage events that wait for the webhook"), queue.outlet.events());
        all.put(OpenOutlet.series("queue_bytes", "how long these are"), queue.outlet.bytes());
    }

    /** Delivers what it can in a short time, and leaves the rest to the next start. */
    void close() throws InterruptedException {
        sending.stop();
        if (!sending.join(LAST_DELIVERY)) {
            sender.abort();
            sending.join(LAST_DELIVERY);
        }
        if (queue.outlet.events() > 0) {
            LOG.info("webhook: {} usage events wait for the next start", queue.outlet.events());
        }
        queue.close();
    }
}
