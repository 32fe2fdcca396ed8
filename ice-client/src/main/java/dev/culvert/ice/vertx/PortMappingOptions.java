package dev.culvert.ice.vertx;

import dev.culvert.ice.portmap.PortMapEvent;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How {@link PortMappings} are opened.
 *
 * @param family of the addresses; IPv6 ports are opened by PCP alone
 * @param gateway the router to ask; empty for that of the default route, see {@link GatewaySearch}
 * @param local the address of this host to which ports are mapped; empty for the one towards the router
 * @param events learns what happens, on the event loop; called before a future of the event completes
 */
public record PortMappingOptions(
        AddressFamily family, Optional<IpAddress> gateway, Optional<IpAddress> local, Consumer<PortMapEvent> events) {
    private static final PortMappingOptions DEFAULTS =
            new PortMappingOptions(AddressFamily.IPV4, Optional.empty(), Optional.empty(), event -> {});

    /** IPv4, at the router of the default route; nobody looks on. */
    public static PortMappingOptions defaults() {
        return DEFAULTS;
    }

    public PortMappingOptions withFamily(AddressFamily wanted) {
        return new PortMappingOptions(wanted, gateway, local, events);
    }

    public PortMappingOptions withGateway(IpAddress router) {
        return new PortMappingOptions(router.family(), Optional.of(router), local, events);
    }

    public PortMappingOptions withLocal(Optional<IpAddress> wanted) {
        return new PortMappingOptions(family, gateway, wanted, events);
    }

    public PortMappingOptions withEvents(Consumer<PortMapEvent> observer) {
        return new PortMappingOptions(family, gateway, local, observer);
    }
}
