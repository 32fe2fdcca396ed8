package dev.culvert.relay.usage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.relay.core.RelayEvent.EndReason;
import dev.culvert.relay.usage.UsageEvent.Weight;
import dev.culvert.server.config.ServerConfig.Log.Addresses;
import dev.culvert.testkit.SchemaCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventTextTest {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private static final Path SCHEMA = Path.of("..", "docs", "schema", "turn-relay.usage.schema.json");

    @Test
    void stopHoldsAllThatIsKnown() throws IOException {
        JsonNode stop = JSON.readTree("""
                {"schema": "culvert.turn-relay.usage/1", "type": "stop", "instance": "00c0ffee00c0ffee", "sequence": 17,
                 "time": "2030-01-01T10:00:00.250Z", "allocation": "fedcba9876543210",
                 "user": "carol \\"the\\" first\\n", "username": "1893499200:carol \\"the\\" first\\n",
                 "realm": "example.org", "client": "198.51.100.7:4711", "transport": "tcp",
                 "server": "203.0.113.5:3478", "relayed": ["203.0.113.5:50000", "[2001:db8::5]:50001"],
                 "seconds": 12.000, "bytesToPeers": 9223372036854775807, "packetsToPeers": 4, "bytesToClient": 5,
                 "packetsToClient": 6, "reason": "ended-by-operator"}
                """);

        EventLine line = text(Addresses.FULL).line(Samples.event(Weight.STOP), 17);

        assertThat(JSON.readTree(line.json())).isEqualTo(stop);
        assertThat(new String(line.json(), UTF_8)).doesNotContain("\n");
    }

    @ParameterizedTest
    @EnumSource
    void everyEventFitsTheSchemaWhichKnowsAllOfItsFields(Weight weight) throws IOException {
        JsonNode schema = JSON.readTree(SCHEMA.toFile());

        JsonNode event = JSON.readTree(
                text(Addresses.PREFIX).line(Samples.event(weight), 1).telling(3).json());

        assertThat(names(schema.get("properties"))).containsAll(names(event));
        assertThat(SchemaCheck.problems(schema, event)).isEmpty();
        assertThat(event.get("lost").asLong()).isEqualTo(3);
    }

    @Test
    void schemaKnowsEveryReason() throws IOException {
        List<String> known = new ArrayList<>();
        JSON.readTree(SCHEMA.toFile()).at("/properties/reason/enum").forEach(word -> known.add(word.asText()));

        assertThat(known)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(EndReason.values())
                        .map(reason -> reason.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                        .toList());
    }

    @Test
    void clientIsShownAsInTheLog() throws IOException {
        UsageEvent start = Samples.event(Weight.START);

        assertThat(JSON.readTree(text(Addresses.PREFIX).line(start, 1).json())
                        .get("client")
                        .asText())
                .isEqualTo("198.51.100.0/24");
        assertThat(JSON.readTree(text(Addresses.NONE).line(start, 1).json()).has("client"))
                .isFalse();
    }

    private static EventText text(Addresses shown) {
        return new EventText("00c0ffee00c0ffee", "example.org", shown);
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
