package dev.culvert.ice.portmap;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * Maps ports of this host at its router, by the best protocol that the router offers: PCP (RFC 6887), NAT-PMP
 * (RFC 6886), UPnP IGD. Mutable, owned by one thread.
 *
 * <p>Drive it so: call {@link #start}, then {@link #onDatagram} for each datagram, {@link #onHttpAnswer} or
 * {@link #onHttpFailure} for each request, and {@link #onTimeout} when {@link #nextDeadlineNanos} has come. All results
 * leave through {@link PortMapperOutput} during these calls; from its {@code onEvent} the mapper may be called again.
 *
 * <p>Nothing is mapped unless {@link #map} asks for it. A mapping is leased, renewed before it runs out, made again after
 * the router was restarted, and removed by {@link #unmap} and {@link #close}.
 */
public final class PortMapper {
    /** How long a good protocol may lag behind a lesser one and still be taken. */
    private static final Duration GRACE = Duration.ofMillis(500);

    private final Agenda agenda = new Agenda();
    private final Gateway gateway;
    private final PortMapperOutput out;
    private final UpnpClient upnp;
    private final Offers offers;
    private final Leases leases;
    private final Map<MappingProtocol, IpAddress> external = new EnumMap<>(MappingProtocol.class);
    private final Map<MappingProtocol, String> descriptions = new EnumMap<>(MappingProtocol.class);
    private int lastId;
    private boolean isSettled;
    private boolean isClosing;
    private boolean isClosed;

    /**
     * @param gateway an IPv6 router is asked by PCP alone
     * @param random for nonces, ports and pauses; unpredictable to others
     * @param out called during calls to this mapper
     */
    public PortMapper(Gateway gateway, RandomGenerator random, PortMapperOutput out) {
        this.gateway = gateway;
        this.out = out;
        TransportAddress server = new TransportAddress(gateway.address(), PcpMessage.PORT);
        Answers answers = new Answers();
        List<MappingClient> clients = new ArrayList<>();
        clients.add(new PcpClient(gateway, agenda, random, bytes -> out.send(server, bytes), answers));
        upnp = new UpnpClient(gateway, agenda, random, out, answers);
        if (gateway.local().isIpv4()) {
            clients.add(new NatPmpClient(gateway, agenda, bytes -> out.send(server, bytes), answers));
            clients.add(upnp);
        }
        offers = new Offers(clients);
        leases = new Leases(gateway, agenda, random, offers, out::onEvent, this::rediscover);
    }

    /** Asks the router what it offers, and for its external address; ends with {@link PortMapEvent.Settled}. */
    public void start(long nowNanos) {
        agenda.at(nowNanos);
        offers.clients().forEach(MappingClient::discover);
    }

    /** Looks for what was missing; what was found stays. */
    private void rediscover() {
        offers.clients().stream()
                .filter(client -> !offers.isOffered(client.protocol()))
                .forEach(MappingClient::discover);
    }

    /**
     * Asks for a mapping as soon as the router is known to offer a protocol; ends with {@link PortMapEvent.Mapped} or
     * {@link PortMapEvent.Failed}, perhaps during this call.
     *
     * @throws IllegalStateException after {@link #close}
     */
    public MappingId map(MappingRequest request, long nowNanos) {
        agenda.at(nowNanos);
        if (isClosing) {
            throw new IllegalStateException("this port mapper is closed");
        }
        lastId++;
        MappingId id = new MappingId(lastId);
        leases.add(id, request);
        return id;
    }

    /**
     * Removes a mapping, or gives up asking for it; ends with {@link PortMapEvent.Removed} or
     * {@link PortMapEvent.NotRemoved}. Without effect for one that is gone.
     */
    public void unmap(MappingId id, long nowNanos) {
        agenda.at(nowNanos);
        leases.remove(id);
    }

    /** Removes all mappings and ends with {@link PortMapEvent.Closed}, at the latest when the router stays silent. */
    public void close(long nowNanos) {
        agenda.at(nowNanos);
        if (isClosing) {
            return;
        }
        isClosing = true;
        offers.clients().forEach(MappingClient::stop);
        leases.removeAll();
        endIfDone();
    }

    /**
     * Takes in a datagram: an answer, or what routers send to the group {@code 224.0.0.1} ({@code ff02::1}), port 5350.
     *
     * @param bytes lent for this call
     */
    public void onDatagram(TransportAddress from, ByteBuffer bytes, long nowNanos) {
        agenda.at(nowNanos);
        if (isClosed) {
            return;
        }
        offers.clients().forEach(client -> client.onDatagram(from, bytes));
        endIfDone();
    }

    /**
     * Takes in the answer to the HTTP request with this id.
     *
     * @param body at most {@link GatewayHttpRequest#MAX_ANSWER_BYTES}
     */
    public void onHttpAnswer(long id, int status, byte[] body, long nowNanos) {
        agenda.at(nowNanos);
        upnp.control().onAnswer(id, status, body);
        endIfDone();
    }

    /**
     * Learns that no answer came to the HTTP request with this id.
     *
     * @param problem why, in words for people
     */
    public void onHttpFailure(long id, String problem, long nowNanos) {
        agenda.at(nowNanos);
        upnp.control().onFailure(id, problem);
        endIfDone();
    }

    /** Does what is due. */
    public void onTimeout(long nowNanos) {
        agenda.at(nowNanos);
        agenda.runDue();
        endIfDone();
    }

    /** When {@link #onTimeout} is to be called next; empty while no time is waited for. Compare by difference. */
    public OptionalLong nextDeadlineNanos() {
        return isClosed ? OptionalLong.empty() : agenda.next();
    }

    /** What is known of the router; complete after {@link PortMapEvent.Settled}. */
    public RouterReport report() {
        List<RouterReport.Protocol> protocols = new ArrayList<>();
        for (MappingClient client : offers.clients()) {
            MappingProtocol via = client.protocol();
            protocols.add(new RouterReport.Protocol(
                    via,
                    offers.isOffered(via),
                    descriptions.getOrDefault(via, ""),
                    Optional.ofNullable(external.get(via)),
                    offers.whyNot(via)));
        }
        return new RouterReport(gateway, protocols);
    }

    /** The mappings that are there. */
    public List<PortMapping> mappings() {
        return leases.held();
    }

    private void endIfDone() {
        if (isClosing && !isClosed && leases.isEmpty()) {
            isClosed = true;
            out.onEvent(new PortMapEvent.Closed());
        }
    }

    private void settle() {
        if (!isSettled && offers.isSettled()) {
            isSettled = true;
            out.onEvent(new PortMapEvent.Settled());
        }
        leases.assign();
    }

    private final class Answers implements MappingClient.Listener {
        @Override
        public void onOffered(MappingProtocol via, String description) {
            if (!offers.isAnyOffered()) {
                agenda.after(GRACE, () -> {
                    offers.endGrace();
                    leases.assign();
                });
            }
            descriptions.put(via, description);
            if (offers.add(via)) {
                out.onEvent(new PortMapEvent.Offered(via, description));
            }
            settle();
        }

        @Override
        public void onNotOffered(MappingFailure failure) {
            offers.rule(failure);
            out.onEvent(new PortMapEvent.NotOffered(failure));
            settle();
        }

        @Override
        public void onExternalAddress(MappingProtocol via, IpAddress address) {
            IpAddress before = external.put(via, address);
            if (before == null) {
                out.onEvent(new PortMapEvent.ExternalAddressFound(via, address));
            } else if (!before.equals(address)) {
                out.onEvent(new PortMapEvent.ExternalAddressChanged(via, before, address));
            }
        }

        @Override
        public void onGranted(LeasedPort lease, MappingProtocol via, TransportAddress address, Duration lifetime) {
            leases.onGranted(lease, via, address, lifetime);
        }

        @Override
        public void onRefused(LeasedPort lease, MappingFailure failure) {
            leases.onRefused(lease, failure);
        }

        @Override
        public void onRemoved(LeasedPort lease) {
            leases.onRemoved(lease);
        }

        @Override
        public void onNotRemoved(LeasedPort lease, MappingFailure failure) {
            leases.onNotRemoved(lease, failure);
        }

        @Override
        public void onRestart(MappingProtocol via) {
            out.onEvent(new PortMapEvent.RouterRestarted(via));
            leases.restore();
        }
    }
}
