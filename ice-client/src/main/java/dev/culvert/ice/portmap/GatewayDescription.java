package dev.culvert.ice.portmap;

import dev.culvert.ice.ForeignText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an Internet gateway device says of itself.
 *
 * @param text maker and model, for people
 * @param services those that map ports, the best first; at least one
 */
record GatewayDescription(String text, List<Service> services) {
    private static final List<String> SERVICES = List.of(
            "urn:schemas-upnp-org:service:WANIPConnection:2",
            "urn:schemas-upnp-org:service:WANIPConnection:1",
            "urn:schemas-upnp-org:service:WANPPPConnection:1");

    private static final int MAX_SERVICES = 4;

    /**
     * A connection to the outside.
     *
     * @param type its URN
     * @param control where it takes requests
     */
    record Service(String type, Ssdp.Location control) {
        /** Whether the device itself can pick a free port: WANIPConnection:2. */
        boolean picksPorts() {
            return type.equals(SERVICES.get(0));
        }
    }

    /** Reads a device description that came from {@code location}; empty where it is broken or maps no ports. */
    static Optional<GatewayDescription> parse(byte[] document, Ssdp.Location location) {
        return BoundedXml.leaves(document)
                .map(leaves -> new GatewayDescription(model(leaves), services(leaves, location)))
                .filter(description -> !description.services().isEmpty());
    }

    private static String model(List<BoundedXml.Leaf> leaves) {
        String maker = first(leaves, "manufacturer");
        String model = first(leaves, "modelName");
        String name = model.isEmpty() ? first(leaves, "friendlyName") : model;
        String number = first(leaves, "modelNumber");
        boolean isNumberNew = !number.isEmpty() && !name.contains(number);
        String text = (name.startsWith(maker) ? "" : maker + " ") + name + (isNumberNew ? " " + number : "");
        return ForeignText.line(text, MappingFailure.MAX_SAID);
    }

    /** The outermost device comes first. */
    private static String first(List<BoundedXml.Leaf> leaves, String name) {
        return leaves.stream()
                .filter(leaf -> leaf.name().equals(name))
                .map(BoundedXml.Leaf::text)
                .findFirst()
                .orElse("");
    }

    private static List<Service> services(List<BoundedXml.Leaf> leaves, Ssdp.Location location) {
        // UPnP 1.0 knows a base of its own; one on another host is not believed.
        Ssdp.Location base = Ssdp.relative(location, first(leaves, "URLBase")).orElse(location);
        Map<Integer, Map<String, String>> blocks = new LinkedHashMap<>();
        leaves.stream()
                .filter(leaf -> leaf.parentName().equals("service"))
                .forEach(leaf -> blocks.computeIfAbsent(leaf.parent(), number -> new LinkedHashMap<>())
                        .putIfAbsent(leaf.name(), leaf.text()));
        List<Service> services = new ArrayList<>();
        for (Map<String, String> block : blocks.values()) {
            String type = block.getOrDefault("serviceType", "");
            if (SERVICES.contains(type)) {
                Ssdp.relative(base, block.getOrDefault("controlURL", ""))
                        .ifPresent(control -> services.add(new Service(type, control)));
            }
        }
        services.sort(Comparator.comparingInt(service -> SERVICES.indexOf(service.type())));
        return services.stream().limit(MAX_SERVICES).toList();
    }
}
