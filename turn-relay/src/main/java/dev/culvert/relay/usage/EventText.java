package dev.culvert.relay.usage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.relay.core.AllocationIds;
import dev.culvert.relay.core.AllocationView.Traffic;
import dev.culvert.relay.usage.UsageEvent.Interim;
import dev.culvert.relay.usage.UsageEvent.Stop;
import dev.culvert.relay.usage.UsageEvent.Subject;
import dev.culvert.server.config.ServerConfig.Log.Addresses;
import dev.culvert.stun.TransportAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Locale;

/** Writes events as JSON, as {@code docs/schema/turn-relay.usage.schema.json} describes them. */
final class EventText {
    static final String SCHEMA = "culvert.turn-relay.usage/1";

    private static final JsonFactory JSON = new JsonFactory();
    private static final int NANOS_PER_MILLI = 1_000_000;
    private static final int MILLIS_DIGITS = 3;

    private final String instance;
    private final String realm;
    private final Addresses shown;

    /**
     * @param instance unlike that of any other start of a server
     * @param shown how much of a client's address is written, as in the log
     */
    EventText(String instance, String realm, Addresses shown) {
        this.instance = instance;
        this.realm = realm;
        this.shown = shown;
    }

    EventLine line(UsageEvent event, long sequence) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("schema", SCHEMA);
            json.writeStringField("type", event.weight().name().toLowerCase(Locale.ROOT));
            json.writeStringField("instance", instance);
            json.writeNumberField("sequence", sequence);
            json.writeStringField("time", event.time().toString());
            write(event.subject(), json);
            if (event instanceof Interim interim) {
                write(interim.durationNanos(), interim.traffic(), json);
            } else if (event instanceof Stop stop) {
                write(stop.durationNanos(), stop.traffic(), json);
                json.writeStringField("reason", word(stop.reason()));
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new EventLine(bytes.toByteArray(), event.weight());
    }

    private void write(Subject subject, JsonGenerator json) throws IOException {
        json.writeStringField("allocation", AllocationIds.text(subject.allocation()));
        json.writeStringField("user", subject.userId());
        json.writeStringField("username", subject.username());
        json.writeStringField("realm", realm);
        if (shown != Addresses.NONE) {
            json.writeStringField("client", shown.show(subject.flow().remote()));
        }
        json.writeStringField("transport", word(subject.flow().transport()));
        json.writeStringField("server", subject.flow().local().toString());
        json.writeArrayFieldStart("relayed");
        for (TransportAddress relayed : subject.relayed()) {
            json.writeString(relayed.toString());
        }
        json.writeEndArray();
    }

    private static void write(long durationNanos, Traffic traffic, JsonGenerator json) throws IOException {
        json.writeNumberField("seconds", BigDecimal.valueOf(durationNanos / NANOS_PER_MILLI, MILLIS_DIGITS));
        json.writeNumberField("bytesToPeers", traffic.bytesToPeers());
        json.writeNumberField("packetsToPeers", traffic.packetsToPeers());
        json.writeNumberField("bytesToClient", traffic.bytesToClient());
        json.writeNumberField("packetsToClient", traffic.packetsToClient());
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
