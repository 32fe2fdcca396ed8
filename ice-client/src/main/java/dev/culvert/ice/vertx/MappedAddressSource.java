package dev.culvert.ice.vertx;

import dev.culvert.ice.portmap.MappingRequest;
import dev.culvert.ice.portmap.PortMapping;
import dev.culvert.ice.portmap.PortProtocol;
import dev.culvert.stun.AddressFamily;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Mapped addresses for gathering candidates: what {@link PortMappings} do, opened for a family when it is first needed.
 * To be used on one event loop.
 */
public final class MappedAddressSource {
    private final Vertx vertx;
    private final PortMappingOptions options;
    private final Map<AddressFamily, Future<PortMappings>> routers = new EnumMap<>(AddressFamily.class);

    /** @param options whose family does not count */
    public MappedAddressSource(Vertx vertx, PortMappingOptions options) {
        this.vertx = vertx;
        this.options = options;
    }

    /** Maps a UDP port of this host at the router of this family, and keeps it mapped until {@link #close}. */
    public Future<PortMapping> map(int internalPort, AddressFamily family) {
        return routers.computeIfAbsent(family, wanted -> PortMappings.open(vertx, options.withFamily(wanted)))
                .compose(router -> router.map(MappingRequest.of(PortProtocol.UDP, internalPort)));
    }

    /** Removes all mappings and frees everything; never fails. */
    public Future<Void> close() {
        List<Future<Void>> closing = new ArrayList<>();
        routers.values()
                .forEach(opening -> closing.add(opening.transform(
                        opened -> opened.succeeded() ? opened.result().close() : Future.succeededFuture())));
        routers.clear();
        return Future.join(closing).otherwiseEmpty().mapEmpty();
    }
}
