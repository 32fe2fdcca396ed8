package dev.culvert.ice.vertx;

import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** The mappings that were asked for. All calls and events happen on one event loop. */
final class GatherMappings {
    private final List<MappingService> services;
    private final List<MappingService.Mapping> mappings = new ArrayList<>();

    GatherMappings(List<MappingService> services) {
        this.services = services;
    }

    void map(String service, TransportAddress base, MappingService.Listener listener) {
        for (MappingService each : services) {
            if (each.name().equals(service)) {
                mappings.add(each.map(base, listener));
            }
        }
    }

    Future<Void> close() {
        List<Future<Void>> closing = new ArrayList<>();
        mappings.forEach(mapping -> closing.add(mapping.close()));
        mappings.clear();
        return Future.join(closing).mapEmpty();
    }
}
