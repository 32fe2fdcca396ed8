package dev.culvert.probe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.ice.nat.FilteringBehavior;
import dev.culvert.ice.nat.MappingBehavior;
import dev.culvert.ice.nat.NatType;
import dev.culvert.ice.nat.PairSide;
import dev.culvert.ice.nat.PortBehavior;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what {@code nat-probe --json} has printed. */
final class ReportFile {
    private final String name;
    private final JsonNode root;

    private ReportFile(String name, JsonNode root) {
        this.name = name;
        this.root = root;
    }

    /** The side that the report in {@code file} was made on; {@code -} is standard input. */
    static PairSide read(String file) throws IOException {
        JsonNode root = parse(file, bytes(file));
        String schema = root.path("schema").asText();
        if (!schema.equals(JsonReport.SCHEMA)) {
            String found = schema.isEmpty() ? "it has no schema" : "its schema is " + schema;
            throw new IOException("file '" + file + "': is no report of nat-probe (" + found
                    + "); give a file made by nat-probe --json > FILE");
        }
        return new ReportFile(file, root).side();
    }

    private static byte[] bytes(String file) throws IOException {
        if (file.equals("-")) {
            return System.in.readAllBytes();
        }
        Path path = Path.of(file);
        if (!Files.isReadable(path) || Files.isDirectory(path)) {
            throw new IOException("file '" + file + "': cannot be read; make it by nat-probe --json > " + file);
        }
        return Files.readAllBytes(path);
    }

    private static JsonNode parse(String file, byte[] bytes) throws IOException {
        try {
            return new ObjectMapper().readTree(bytes);
        } catch (JsonProcessingException e) {
            throw new IOException(
                    "file '" + file + "': is no JSON (line " + e.getLocation().getLineNr() + ": "
                            + e.getOriginalMessage() + "); give a file made by nat-probe --json > FILE",
                    e);
        }
    }

    private PairSide side() throws IOException {
        JsonNode verdict = root.path("verdict");
        JsonNode ports = root.path("ports");
        return new PairSide(
                name,
                mapping(verdict.path("mapping").asText()),
                filtering(verdict.path("filtering").asText()),
                verdict.path("classic").asText().equals(NatType.SYMMETRIC.text()),
                external(),
                local(),
                !ports.path("pooling").asText().equals("arbitrary"),
                PairSide.isPredictable(samples(ports)),
                confidence(verdict));
    }

    private MappingBehavior mapping(String text) throws IOException {
        for (MappingBehavior behavior : MappingBehavior.values()) {
            if (behavior.text().equals(text)) {
                return behavior;
            }
        }
        throw damaged("verdict.mapping", text);
    }

    private FilteringBehavior filtering(String text) throws IOException {
        for (FilteringBehavior behavior : FilteringBehavior.values()) {
            if (behavior.text().equals(text)) {
                return behavior;
            }
        }
        throw damaged("verdict.filtering", text);
    }

    private double confidence(JsonNode verdict) throws IOException {
        double confidence = verdict.path("confidence").asDouble(-1);
        if (!(confidence >= 0 && confidence <= 1)) {
            throw damaged("verdict.confidence", verdict.path("confidence").asText());
        }
        return confidence;
    }

    private List<TransportAddress> external() throws IOException {
        List<TransportAddress> external = new ArrayList<>();
        for (JsonNode address : root.path("external")) {
            int port = address.path("port").asInt(-1);
            if (port < 0 || port > 0xFFFF) {
                throw damaged("external[].port", address.path("port").asText());
            }
            external.add(new TransportAddress(ip("external[].ip", address), port));
        }
        return external;
    }

    private List<IpAddress> local() throws IOException {
        List<IpAddress> local = new ArrayList<>();
        for (JsonNode address : root.path("local")) {
            local.add(ip("local[].ip", address));
        }
        return local;
    }

    private IpAddress ip(String key, JsonNode address) throws IOException {
        Optional<IpAddress> ip = IpAddress.parse(address.path("ip").asText());
        if (ip.isEmpty()) {
            throw damaged(key, address.path("ip").asText());
        }
        return ip.get();
    }

    private static List<PortBehavior.Sample> samples(JsonNode ports) {
        List<PortBehavior.Sample> samples = new ArrayList<>();
        ports.path("seen")
                .forEach(seen -> samples.add(new PortBehavior.Sample(
                        seen.path("local").asInt(), seen.path("external").asInt())));
        return samples;
    }

    private IOException damaged(String key, String value) {
        return new IOException("file '" + name + "': " + key + " is '" + value
                + "', which no report says; make it anew by nat-probe --json");
    }
}
