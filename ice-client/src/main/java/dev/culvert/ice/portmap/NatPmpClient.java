package dev.culvert.ice.portmap;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The client of the NAT Port Mapping Protocol (RFC 6886): one request at a time. Mutable, owned by one thread. */
final class NatPmpClient implements MappingClient {
    private final TransportAddress server;
    private final Agenda agenda;
    private final Consumer<ByteBuffer> transmit;
    private final Listener listener;
    private final Epoch epoch = new Epoch();
    private final ArrayDeque<Ask> waiting = new ArrayDeque<>();
    private @Nullable Ask current;
    private @Nullable Exchange exchange;
    private boolean isDiscovering;

    /**
     * A request, and what follows.
     *
     * @param lease for which it is asked; empty for what concerns the router
     */
    private record Ask(
            Optional<LeasedPort> lease,
            int opcode,
            boolean isRemoval,
            ByteBuffer bytes,
            Consumer<NatPmpMessage.Response> onAnswer,
            Consumer<MappingFailure> onFailure) {
        boolean isAnsweredBy(NatPmpMessage.Response response) {
            if (response.opcode() != opcode) {
                return false;
            }
            if (opcode == NatPmpMessage.EXTERNAL_ADDRESS) {
                return true;
            }
            int port = lease.orElseThrow().request().internalPort();
            // Without transaction ids only the lifetime tells a late answer to the request before a removal.
            boolean fits = response.result() != 0 || isRemoval == (response.lifetimeSeconds() == 0);
            return response.internalPort() == port && fits;
        }
    }

    NatPmpClient(Gateway gateway, Agenda agenda, Consumer<ByteBuffer> transmit, Listener listener) {
        this.server = new TransportAddress(gateway.address(), PcpMessage.PORT);
        this.agenda = agenda;
        this.transmit = transmit;
        this.listener = listener;
    }

    @Override
    public MappingProtocol protocol() {
        return MappingProtocol.NAT_PMP;
    }

    @Override
    public void discover() {
        isDiscovering = true;
        askAddress(Optional.empty(), address -> listener.onOffered(MappingProtocol.NAT_PMP, ""), failure -> {
            // A router that is offline offers it all the same.
            if (failure.kind() == MappingFailure.Kind.NETWORK_FAILURE) {
                listener.onOffered(MappingProtocol.NAT_PMP, "");
            } else {
                listener.onNotOffered(failure);
            }
        });
    }

    private void askAddress(
            Optional<LeasedPort> lease, Consumer<IpAddress> onAddress, Consumer<MappingFailure> onFailure) {
        Consumer<MappingFailure> failed = failure -> {
            isDiscovering &= lease.isPresent();
            onFailure.accept(failure);
        };
        Consumer<NatPmpMessage.Response> answered = response -> {
            if (response.result() != 0 || response.address().low() == 0) {
                failed.accept(response.result() != 0 ? NatPmpMessage.failure(response.result()) : noAddress());
                return;
            }
            isDiscovering &= lease.isPresent();
            onAddress.accept(response.address());
        };
        ByteBuffer request = NatPmpMessage.externalAddress();
        enqueue(new Ask(lease, NatPmpMessage.EXTERNAL_ADDRESS, false, request, answered, failed));
    }

    @Override
    public void map(LeasedPort lease, Occasion occasion) {
        forget(lease);
        Consumer<MappingFailure> refused = failure -> listener.onRefused(lease, failure);
        // The answer to a mapping does not tell the external address, which may have changed.
        askAddress(Optional.of(lease), address -> askMapping(lease, address, occasion), refused);
    }

    private void askMapping(LeasedPort lease, IpAddress address, Occasion occasion) {
        MappingRequest wanted = lease.request();
        ByteBuffer request = NatPmpMessage.map(
                wanted.protocol(),
                wanted.internalPort(),
                lease.suggestedPort(),
                wanted.lifetime().toSeconds());
        Consumer<NatPmpMessage.Response> answered = response -> onMapped(lease, address, response);
        Consumer<MappingFailure> silent = failure -> {
            // Another protocol will be tried: the mapping may be there although no answer came.
            if (occasion == Occasion.FIRST) {
                transmit.accept(removal(lease));
            }
            listener.onRefused(lease, failure);
        };
        enqueue(new Ask(Optional.of(lease), NatPmpMessage.opcode(wanted.protocol()), false, request, answered, silent));
    }

    private void onMapped(LeasedPort lease, IpAddress address, NatPmpMessage.Response response) {
        if (response.result() != 0) {
            listener.onRefused(lease, NatPmpMessage.failure(response.result()));
            return;
        }
        TransportAddress external = new TransportAddress(address, response.externalPort());
        Duration lifetime = Duration.ofSeconds(response.lifetimeSeconds());
        listener.onGranted(lease, MappingProtocol.NAT_PMP, external, lifetime);
    }

    @Override
    public void unmap(LeasedPort lease) {
        forget(lease);
        Consumer<NatPmpMessage.Response> answered = response -> {
            if (response.result() == 0) {
                listener.onRemoved(lease);
            } else {
                listener.onNotRemoved(lease, NatPmpMessage.failure(response.result()));
            }
        };
        int opcode = NatPmpMessage.opcode(lease.request().protocol());
        Consumer<MappingFailure> silent = failure -> listener.onNotRemoved(lease, failure);
        enqueue(new Ask(Optional.of(lease), opcode, true, removal(lease), answered, silent));
    }

    /** RFC 6886 §3.4: a lifetime of zero, and no external port. */
    private static ByteBuffer removal(LeasedPort lease) {
        return NatPmpMessage.map(lease.request().protocol(), lease.request().internalPort(), 0, 0);
    }

    private void forget(LeasedPort lease) {
        waiting.removeIf(ask -> ask.lease().filter(lease::equals).isPresent());
        Ask running = current;
        if (running != null && running.lease().filter(lease::equals).isPresent()) {
            endCurrent();
        }
    }

    private void enqueue(Ask ask) {
        waiting.add(ask);
        startNext();
    }

    private void startNext() {
        // RFC 6886 §3.1: one request at a time.
        if (current != null || waiting.isEmpty()) {
            return;
        }
        Ask ask = waiting.remove();
        current = ask;
        exchange = new Exchange(agenda, transmit, ask.bytes(), Exchange.BRISK, () -> failCurrent(silence())).start();
    }

    private void failCurrent(MappingFailure failure) {
        Ask ask = current;
        endCurrent();
        if (ask != null) {
            ask.onFailure().accept(failure);
        }
        startNext();
    }

    private void endCurrent() {
        if (exchange != null) {
            exchange.end();
        }
        exchange = null;
        current = null;
    }

    @Override
    public void onDatagram(TransportAddress from, ByteBuffer bytes) {
        // RFC 6886 §3.2, §3.3: what is not from the gateway that was asked is discarded.
        if (!from.equals(server)) {
            return;
        }
        if (NatPmpMessage.isUnsupportedVersion(bytes)) {
            if (isDiscovering && current != null) {
                failCurrent(new MappingFailure(
                        MappingProtocol.NAT_PMP, MappingFailure.Kind.UNSUPPORTED, "it speaks PCP alone"));
            }
            return;
        }
        NatPmpMessage.parse(bytes).ifPresent(this::onResponse);
    }

    private void onResponse(NatPmpMessage.Response response) {
        if (epoch.isResetByNatPmp(response.epoch(), agenda.nowNanos())) {
            listener.onRestart(MappingProtocol.NAT_PMP);
        }
        // RFC 6886 §3.2.1: also unasked, when it has changed.
        if (response.opcode() == NatPmpMessage.EXTERNAL_ADDRESS
                && response.address().low() != 0) {
            listener.onExternalAddress(MappingProtocol.NAT_PMP, response.address());
        }
        Ask ask = current;
        if (ask != null && ask.isAnsweredBy(response)) {
            endCurrent();
            ask.onAnswer().accept(response);
            startNext();
        }
    }

    @Override
    public void stop() {
        isDiscovering = false;
        waiting.removeIf(ask -> ask.lease().isEmpty());
        Ask running = current;
        if (running != null && running.lease().isEmpty()) {
            endCurrent();
            startNext();
        }
    }

    private static MappingFailure silence() {
        return new MappingFailure(MappingProtocol.NAT_PMP, MappingFailure.Kind.SILENT);
    }

    private static MappingFailure noAddress() {
        return new MappingFailure(MappingProtocol.NAT_PMP, MappingFailure.Kind.NETWORK_FAILURE);
    }
}
