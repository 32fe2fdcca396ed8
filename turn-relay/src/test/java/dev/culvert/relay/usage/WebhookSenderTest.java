package dev.culvert.relay.usage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.relay.usage.UsageConfig.Webhook;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deliveries to an endpoint on this machine. */
class WebhookSenderTest {
    private static final String SECRET = "a secret of enough bytes";

    @TempDir
    private Path folder;

    private final OutletCounts counts = new OutletCounts();
    private WebhookEndpoint endpoint;
    private Path secretFile;
    private WebhookQueue queue;
    private WebhookSender sender;

    @BeforeEach
    void open() throws IOException {
        endpoint = new WebhookEndpoint();
        secretFile = Files.writeString(folder.resolve("secret"), SECRET);
        queue = WebhookQueue.open(folder.resolve("queue"), 1 << 20);
        sender = sender(endpoint.uri());
    }

    private WebhookSender sender(URI uri) throws IOException {
        return new WebhookSender(
                new Webhook(uri, secretFile, folder.resolve("queue"), 1 << 20),
                queue,
                counts,
                InstantSource.fixed(Samples.TIME),
                new Random(1));
    }

    @AfterEach
    void close() throws IOException {
        endpoint.close();
        queue.close();
    }

    @Test
    void postsWhatWaitsSigned() throws Exception {
        append(3);

        assertThat(sender.turn()).isZero();

        WebhookEndpoint.Delivery delivery = endpoint.deliveries().get(0);
        JsonNode events = new ObjectMapper().readTree(delivery.body()).get("events");
        assertThat(events).hasSize(3);
        assertThat(delivery.header("Content-Type")).isEqualTo("application/json");
        assertThat(delivery.header("webhook-timestamp")).isEqualTo("" + Samples.TIME.getEpochSecond());
        assertThat(delivery.header("webhook-signature"))
                .isEqualTo(WebhookSecrets.parse(SECRET)
                        .signature(delivery.header("webhook-id"), Samples.TIME.getEpochSecond(), delivery.body()));
        assertThat(queue.events()).isZero();
        assertThat(counts.written.sum()).isEqualTo(3);
        assertThat(sender.turn()).isEqualTo(WebhookSender.IDLE_MILLIS);
    }

    @Test
    void whatTheEndpointRefusesStaysAndKeepsItsId() throws Exception {
        append(2);
        for (int status : new int[] {500, 400, 301, 429}) {
            endpoint.answerWith(status);
            assertThat(sender.turn()).isPositive();
        }
        assertThat(queue.events()).isEqualTo(2);
        assertThat(counts.failures.sum()).isEqualTo(4);

        endpoint.answerWith(204);

        assertThat(sender.turn()).isZero();
        assertThat(queue.events()).isZero();
        assertThat(endpoint.deliveries())
                .hasSize(5)
                .extracting(each -> each.header("webhook-id"))
                .containsOnly(endpoint.deliveries().get(0).header("webhook-id"));
    }

    @Test
    void endpointThatIsNotThereLosesNothing() throws Exception {
        append(2);
        URI uri = endpoint.uri();
        endpoint.close();

        assertThat(sender(uri).turn()).isPositive();

        assertThat(queue.events()).isEqualTo(2);
    }

    @Test
    void endpointThatDoesNotAnswerIsGivenUp() throws Exception {
        append(1);
        endpoint.answerWith(WebhookEndpoint.NOTHING);
        long begun = System.nanoTime();

        long pauseMillis = sender.turn(Duration.ofMillis(200));

        assertThat(pauseMillis).isPositive();
        assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(5));
        assertThat(queue.events()).isOne();
    }

    @Test
    void newSecretSignsFromTheNextDeliveryOn() throws Exception {
        append(1);
        sender.turn();
        Files.writeString(secretFile, "another secret, as long");
        append(1);
        sender.turn();
        Files.delete(secretFile);
        append(1);
        sender.turn();

        for (int i = 0; i < 3; i++) {
            WebhookEndpoint.Delivery delivery = endpoint.deliveries().get(i);
            String secret = i == 0 ? SECRET : "another secret, as long";
            assertThat(delivery.header("webhook-signature"))
                    .isEqualTo(WebhookSecrets.parse(secret)
                            .signature(delivery.header("webhook-id"), Samples.TIME.getEpochSecond(), delivery.body()));
        }
    }

    @Test
    void atTheEndEverythingIsDeliveredWhereTheEndpointTakesIt() throws Exception {
        append(3 * DeliveryPace.MOST_EVENTS);

        sender.finish(Duration.ofSeconds(20));

        assertThat(queue.events()).isZero();
        assertThat(endpoint.deliveries()).hasSize(3);
    }

    private void append(int count) throws IOException {
        String line = "{\"sequence\":1}\n";
        queue.append(ByteBuffer.wrap(line.repeat(count).getBytes(UTF_8)), count);
    }
}
