package dev.culvert.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.server.config.ServerConfig.Log;
import dev.culvert.server.config.ServerConfig.Log.Addresses;
import dev.culvert.server.log.Quoted;
import dev.culvert.stun.TransportAddress;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

class LoggingTest {
    @Test
    void aTextLineIsOneLineWhateverTheMessageQuotes() {
        ILoggingEvent event = event("dev.culvert.server.Shard", "refused \"a\nready\u001b[2J\"");

        assertThat(new TextLines().doLayout(event))
                .isEqualTo("2026-01-02T03:04:05.678Z INFO  Shard: refused \"a ready [2J\": bytes=42 user=al ice"
                        + System.lineSeparator());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\u001b", "\u009b", "\u0085", "\u2028", "\u2029", "\u202e", "\u200f"})
    void whatMovesTheCursorIsNotWritten(String sequence) {
        assertThat(new TextLines().doLayout(event("dev.culvert.server.Shard", "before" + sequence + "after")))
                .contains("Shard: before after: bytes=42");
    }

    @Test
    void anAnnouncementIsTheBareMessage() {
        assertThat(new TextLines().doLayout(event(Logging.ANNOUNCEMENTS, "ready")))
                .isEqualTo("ready" + System.lineSeparator());
    }

    @Test
    void aJsonLineIsOneObjectWithTheEventsPairs() throws IOException {
        LoggingEvent event = event("dev.culvert.server.Shard", "refused \"a\nb\"");

        String line = new JsonLines().doLayout(event);
        JsonNode json = new ObjectMapper().readTree(line);

        assertThat(line.strip().lines()).hasSize(1);
        assertThat(json.get("time").asText()).isEqualTo("2026-01-02T03:04:05.678Z");
        assertThat(json.get("level").asText()).isEqualTo("info");
        assertThat(json.get("logger").asText()).isEqualTo("dev.culvert.server.Shard");
        assertThat(json.get("message").asText()).isEqualTo("refused \"a\nb\"");
        assertThat(json.get("bytes").isNumber()).isTrue();
        assertThat(json.get("user").asText()).isEqualTo("al\nice");
        assertThat(json.has("error")).isFalse();
    }

    @Test
    void theLevelChangesAtRunTime() {
        Log.Level before = Logging.level();
        try {
            Logging.level(Log.Level.WARN);
            assertThat(Logging.level()).isEqualTo(Log.Level.WARN);
            assertThat(LoggerFactory.getLogger("turn").isInfoEnabled()).isFalse();

            Logging.level(Log.Level.DEBUG);
            assertThat(LoggerFactory.getLogger("turn").isDebugEnabled()).isTrue();
            assertThat(LoggerFactory.getLogger("io.vertx").isDebugEnabled()).isFalse();

            Logging.level(Log.Level.TRACE);
            assertThat(LoggerFactory.getLogger("io.vertx").isTraceEnabled()).isTrue();
        } finally {
            Logging.level(before);
        }
    }

    @Test
    void quotedValuesAndListsAreTypedInJson() throws IOException {
        LoggingEvent event = event("turn", "allocation created");
        event.addKeyValuePair(new KeyValuePair("name", new Quoted("al\n\"ice")));
        event.addKeyValuePair(new KeyValuePair("relayed", List.of("203.0.113.5:50000", "203.0.113.5:50001")));

        JsonNode json = new ObjectMapper().readTree(new JsonLines().doLayout(event));

        assertThat(json.get("name").asText()).isEqualTo("al\n\"ice");
        assertThat(json.get("relayed")).hasSize(2);
        assertThat(new TextLines().doLayout(event))
                .contains(" name=\"al??ice\" relayed=203.0.113.5:50000,203.0.113.5:50001");
    }

    @Test
    void anExceptionIsInTheLine() throws IOException {
        LoggingEvent event = new LoggingEvent(
                "",
                new LoggerContext().getLogger("test"),
                Level.ERROR,
                "failed",
                new IllegalStateException("why"),
                new Object[0]);

        assertThat(new TextLines().doLayout(event)).contains("failed", "IllegalStateException: why");
        assertThat(new ObjectMapper()
                        .readTree(new JsonLines().doLayout(event))
                        .get("error")
                        .asText())
                .contains("IllegalStateException: why");
    }

    @ParameterizedTest
    @CsvSource({
        "FULL,   203.0.113.7:4711,             203.0.113.7:4711",
        "PREFIX, 203.0.113.7:4711,             203.0.113.0/24",
        "NONE,   203.0.113.7:4711,             -",
        "FULL,   [2001:db8:1:2345::7]:4711,    [2001:db8:1:2345::7]:4711",
        "PREFIX, [2001:db8:1:23ff::7]:4711,    2001:db8:1:2300::/56",
        "PREFIX, 255.255.255.255:1,            255.255.255.0/24",
    })
    void addressesAreShownAsFarAsAllowed(Addresses addresses, String client, String shown) {
        assertThat(addresses.show(TransportAddress.parse(client).orElseThrow())).isEqualTo(shown);
    }

    private static LoggingEvent event(String logger, String message) {
        LoggingEvent event = new LoggingEvent();
        event.setLoggerName(logger);
        event.setLevel(Level.INFO);
        event.setMessage(message);
        event.setInstant(Instant.parse("2026-01-02T03:04:05.678Z"));
        event.addKeyValuePair(new KeyValuePair("bytes", 42));
        event.addKeyValuePair(new KeyValuePair("user", "al\nice"));
        return event;
    }
}
