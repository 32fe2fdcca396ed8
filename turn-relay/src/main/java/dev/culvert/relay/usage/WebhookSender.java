package dev.culvert.relay.usage;

import dev.culvert.relay.usage.UsageConfig.Webhook;
import dev.culvert.server.admin.Version;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts what waits in a {@link WebhookQueue}, one batch at a time. It has an HTTP client of its own, whose threads are not
 * those that carry packets. Owned by one thread.
 */
final class WebhookSender {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookSender.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(15);
    private static final int MOST_BYTES = 1 << 18;
    private static final int ID_BYTES = 16;

    /** How long events are gathered where none wait for a retry. */
    static final long IDLE_MILLIS = 1_000;

    private final Webhook config;
    private final WebhookQueue queue;
    private final OutletCounts counts;
    private final InstantSource clock;
    private final DeliveryPace pace;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    private WebhookSecrets secrets;
    private volatile Optional<CompletableFuture<?>> posting = Optional.empty();

    /** What came of one delivery. */
    private record Answer(int status, long retryAfterSeconds, String words) {
        private static final int NONE = 0;

        static Answer of(HttpResponse<Void> response) {
            long retryAfterSeconds = response.headers()
                    .firstValue("Retry-After")
                    .filter(value -> value.matches("[0-9]{1,6}"))
                    .map(Long::parseLong)
                    .orElse(0L);
            return new Answer(response.statusCode(), retryAfterSeconds, "it answered " + response.statusCode());
        }

        static Answer none(Throwable cause) {
            String words = cause instanceof IOException e ? FailureText.of(e) : cause.toString();
            return new Answer(NONE, 0, words);
        }
    }

    /** @throws IOException if the secrets cannot be read */
    WebhookSender(Webhook config, WebhookQueue queue, OutletCounts counts, InstantSource clock, RandomGenerator random)
            throws IOException {
        this.config = config;
        this.queue = queue;
        this.counts = counts;
        this.clock = clock;
        this.pace = new DeliveryPace(random);
        this.secrets = WebhookSecrets.read(config.secretFile());
    }

    /**
     * Delivers the next batch, if there is one. Blocks.
     *
     * @param patience how long the endpoint may take
     * @return how long to wait before the next call, in milliseconds
     */
    long turn(Duration patience) throws InterruptedException {
        try {
            Optional<EventBatch> batch = queue.peek(pace.mostEvents(), MOST_BYTES);
            return batch.isEmpty() ? IDLE_MILLIS : deliver(batch.get(), patience);
        } catch (IOException e) {
            return onFailure(Answer.none(e));
        }
    }

    /** The same with all the patience there is. */
    long turn() throws InterruptedException {
        return turn(ANSWER_TIMEOUT);
    }

    /** Delivers what waits, until that fails or {@code patience} is over; not where the endpoint has failed before. */
    void finish(Duration patience) {
        long endNanos = System.nanoTime() + patience.toNanos();
        try {
            boolean isGoingOn = pace.failures() == 0;
            while (isGoingOn) {
                Duration left = Duration.ofNanos(endNanos - System.nanoTime());
                isGoingOn = left.toMillis() > 0 && turn(left) == 0;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives up the delivery that is going on; for any thread. */
    void abort() {
        posting.ifPresent(response -> response.cancel(true));
    }

    private long deliver(EventBatch batch, Duration patience) throws InterruptedException {
        Answer answer = post(batch.body(), patience);
        if (!DeliveryPace.isDelivered(answer.status)) {
            return onFailure(answer);
        }
        counts.written.add(batch.count());
        if (pace.failures() > 0) {
            LOG.info("webhook {}: takes usage events again; {} wait", name(), queue.events() - batch.count());
        }
        pace.succeeded();
        try {
            queue.delivered(batch);
        } catch (IOException e) {
            // Nothing is lost by it: after a restart these events are delivered once more.
            LOG.warn("webhook queue {}: {}", config.queueFolder(), FailureText.of(e));
        }
        return 0;
    }

    private long onFailure(Answer answer) {
        counts.failures.increment();
        int before = pace.failures();
        long waitMillis = pace.failed(answer.status, answer.retryAfterSeconds);
        // Not each time: at the 1st, 2nd, 4th, 8th, …
        if (Long.bitCount(before + 1) == 1) {
            LOG.warn(
                    "webhook {}: {} usage events wait, {} attempts have failed: {}; next in {} ms",
                    name(),
                    queue.events(),
                    before + 1,
                    answer.words,
                    waitMillis);
        }
        return waitMillis;
    }

    /** A path may hold a key, and is not shown. */
    private String name() {
        return config.uri().getScheme() + "://" + config.uri().getAuthority();
    }

    private Answer post(byte[] body, Duration patience) throws InterruptedException {
        CompletableFuture<HttpResponse<Void>> response =
                http.sendAsync(request(body, patience), BodyHandlers.discarding());
        posting = Optional.of(response);
        try {
            return Answer.of(response.get(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            return Answer.none(Objects.requireNonNullElse(e.getCause(), e));
        } catch (TimeoutException e) {
            return new Answer(Answer.NONE, 0, "no answer in " + patience.toSeconds() + " s");
        } catch (CancellationException e) {
            return new Answer(Answer.NONE, 0, "the server ends");
        } finally {
            response.cancel(true);
            posting = Optional.empty();
        }
    }

    private HttpRequest request(byte[] body, Duration patience) {
        String id = "msg_" + HexFormat.of().formatHex(digest(body), 0, ID_BYTES);
        long epochSeconds = clock.instant().getEpochSecond();
        return HttpRequest.newBuilder(config.uri())
                .timeout(patience)
                .header("Content-Type", "application/json")
                .header("User-Agent", "Culvert-turn-relay/" + Version.text())
                .header("webhook-id", id)
                .header("webhook-timestamp", Long.toString(epochSeconds))
                .header("webhook-signature", secrets().signature(id, epochSeconds, body))
                .POST(BodyPublishers.ofByteArray(body))
                .build();
    }

    /** What the file holds now; what it held before where it cannot be read. */
    private WebhookSecrets secrets() {
        try {
            secrets = WebhookSecrets.read(config.secretFile());
        } catch (IOException e) {
            LOG.warn("--webhook-secret-file {}: {}; signed as before", config.secretFile(), FailureText.of(e));
        }
        return secrets;
    }

    private static byte[] digest(byte[] body) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(body);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
