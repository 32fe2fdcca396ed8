package dev.culvert.ice.portmap;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The client of Internet gateway devices (UPnP WANIPConnection:1 and :2, WANPPPConnection:1). Mutable, owned by one
 * thread.
 *
 * <p>Only the router itself and hosts of the same link are believed, and the router is preferred.
 */
final class UpnpClient implements MappingClient {
    static final String EXTERNAL_ADDRESS = "GetExternalIPAddress";

    /** Devices take up to a second to answer. */
    private static final List<Duration> SEARCH_PAUSES =
            List.of(Duration.ofMillis(500), Duration.ofMillis(1000), Duration.ofMillis(1500));

    private static final int MAX_OTHERS = 4;

    private final Gateway gateway;
    private final Agenda agenda;
    private final RandomGenerator random;
    private final PortMapperOutput out;
    private final Listener listener;
    private final UpnpControl control;
    private final ArrayDeque<Ssdp.Location> others = new ArrayDeque<>();
    private @Nullable Exchange search;
    private GatewayDescription.@Nullable Service service;
    private boolean isDiscovering;

    UpnpClient(Gateway gateway, Agenda agenda, RandomGenerator random, PortMapperOutput out, Listener listener) {
        this.gateway = gateway;
        this.agenda = agenda;
        this.random = random;
        this.out = out;
        this.listener = listener;
        this.control = new UpnpControl(out);
    }

    UpnpControl control() {
        return control;
    }

    @Override
    public MappingProtocol protocol() {
        return MappingProtocol.UPNP_IGD;
    }

    @Override
    public void discover() {
        stop();
        others.clear();
        isDiscovering = true;
        Consumer<ByteBuffer> transmit = nothing -> {
            Ssdp.searches(Ssdp.GROUP).forEach(bytes -> out.send(Ssdp.GROUP, bytes));
            TransportAddress router = new TransportAddress(gateway.address(), Ssdp.PORT);
            Ssdp.searches(router).forEach(bytes -> out.send(router, bytes));
        };
        search = new Exchange(agenda, transmit, ByteBuffer.allocate(0), SEARCH_PAUSES, this::endSearch).start();
    }

    @Override
    public void onDatagram(TransportAddress from, ByteBuffer bytes) {
        if (search == null || !gateway.isOnLink(from.ip())) {
            return;
        }
        Ssdp.locationOfGateway(bytes)
                .filter(location -> gateway.isOnLink(location.server().ip()))
                .ifPresent(location -> onLocation(from, location));
    }

    private void onLocation(TransportAddress from, Ssdp.Location location) {
        boolean isRouter =
                from.ip().equals(gateway.address()) && location.server().ip().equals(gateway.address());
        if (isRouter && search != null) {
            search.end();
            search = null;
            describe(location);
        } else if (others.size() < MAX_OTHERS && !others.contains(location)) {
            others.add(location);
        }
    }

    private void endSearch() {
        search = null;
        tryNext(UpnpControl.failure(MappingFailure.Kind.SILENT, ""));
    }

    private void tryNext(MappingFailure failure) {
        Ssdp.Location next = others.poll();
        if (next != null) {
            describe(next);
            return;
        }
        isDiscovering = false;
        listener.onNotOffered(failure);
    }

    private void describe(Ssdp.Location location) {
        control.read(location, body -> {
            if (!isDiscovering) {
                return;
            }
            Optional<GatewayDescription> read = body.flatMap(bytes -> GatewayDescription.parse(bytes, location));
            read.ifPresentOrElse(
                    description -> askAddress(description, 0, Optional.empty()),
                    () -> tryNext(UpnpControl.failure(
                            MappingFailure.Kind.UNUSABLE_ANSWER, "no description at " + location.server())));
        });
    }

    /** Looks for the service that is connected, from the one with this index on. */
    private void askAddress(
            GatewayDescription description, int index, Optional<GatewayDescription.Service> unconnected) {
        if (index == description.services().size()) {
            unconnected.ifPresentOrElse(
                    found -> offer(description, found),
                    () -> tryNext(UpnpControl.failure(
                            MappingFailure.Kind.UNUSABLE_ANSWER, "no service answers " + EXTERNAL_ADDRESS)));
            return;
        }
        GatewayDescription.Service candidate = description.services().get(index);
        control.call(
                candidate,
                EXTERNAL_ADDRESS,
                Map.of(),
                values -> onAddress(description, index, unconnected, externalAddress(values)),
                fault -> {
                    if (isDiscovering) {
                        askAddress(description, index + 1, unconnected);
                    }
                });
    }

    private void onAddress(
            GatewayDescription description,
            int index,
            Optional<GatewayDescription.Service> unconnected,
            Optional<IpAddress> address) {
        GatewayDescription.Service asked = description.services().get(index);
        if (!isDiscovering) {
            return;
        }
        if (address.isEmpty()) {
            askAddress(description, index + 1, unconnected.or(() -> Optional.of(asked)));
            return;
        }
        listener.onExternalAddress(MappingProtocol.UPNP_IGD, address.get());
        offer(description, asked);
    }

    private void offer(GatewayDescription description, GatewayDescription.Service found) {
        isDiscovering = false;
        service = found;
        listener.onOffered(MappingProtocol.UPNP_IGD, description.text());
    }

    /** The address in an answer to {@link #EXTERNAL_ADDRESS}; empty where the gateway has none. */
    static Optional<IpAddress> externalAddress(Map<String, String> values) {
        return IpAddress.parse(values.getOrDefault("NewExternalIPAddress", ""))
                .filter(ip -> ip.isIpv4() && ip.low() != 0);
    }

    @Override
    public void map(LeasedPort lease, Occasion occasion) {
        lease.atGateway(() -> newMapping(lease)).add(occasion);
    }

    private UpnpMapping newMapping(LeasedPort lease) {
        GatewayDescription.Service found = service;
        if (found == null) {
            throw new IllegalStateException("no gateway has been found");
        }
        return new UpnpMapping(lease, found, control, random, listener);
    }

    @Override
    public void unmap(LeasedPort lease) {
        lease.atGateway(() -> newMapping(lease)).remove();
    }

    @Override
    public void stop() {
        isDiscovering = false;
        if (search != null) {
            search.end();
            search = null;
        }
    }
}
