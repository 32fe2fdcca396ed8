package dev.culvert.ice.portmap;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The client of the Port Control Protocol (RFC 6887). Mutable, owned by one thread. */
final class PcpClient implements MappingClient {
    /** How long a new mapping is waited for. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** RFC 6887 §11.2.1: a renewal is a single packet. */
    private static final List<Duration> SINGLE = List.of(Duration.ofSeconds(4));

    /** RFC 6887 §7.4: what is recommended for errors that last; longer ones are not believed. */
    private static final long MAX_ERROR_SECONDS = Duration.ofMinutes(30).toSeconds();

    private final Gateway gateway;
    private final TransportAddress server;
    private final Agenda agenda;
    private final RandomGenerator random;
    private final Consumer<ByteBuffer> transmit;
    private final Listener listener;
    private final Epoch epoch = new Epoch();
    private final Map<ByteBuffer, Asked> asked = new HashMap<>();
    private @Nullable Exchange announcing;
    private @Nullable MappingFailure exhausted;

    /** What was asked for a mapping last. */
    private record Asked(LeasedPort lease, boolean isRemoval, Exchange exchange) {}

    PcpClient(
            Gateway gateway, Agenda agenda, RandomGenerator random, Consumer<ByteBuffer> transmit, Listener listener) {
        this.gateway = gateway;
        this.server = new TransportAddress(gateway.address(), PcpMessage.PORT);
        this.agenda = agenda;
        this.random = random;
        this.transmit = transmit;
        this.listener = listener;
    }

    @Override
    public MappingProtocol protocol() {
        return MappingProtocol.PCP;
    }

    @Override
    public void discover() {
        stop();
        ByteBuffer request = PcpMessage.announce(gateway.local());
        announcing = new Exchange(agenda, transmit, request, Exchange.BRISK, () -> notOffered(silence())).start();
    }

    @Override
    public void map(LeasedPort lease, Occasion occasion) {
        MappingFailure sameAgain = exhausted;
        // RFC 6887 §11.4: after NO_RESOURCES no requests for new mappings for a while.
        if (occasion == Occasion.FIRST && sameAgain != null) {
            listener.onRefused(lease, sameAgain);
            return;
        }
        List<Duration> pauses = occasion == Occasion.RENEWAL ? SINGLE : Exchange.pcpPauses(random, PATIENCE);
        ByteBuffer request =
                request(lease, lease.suggested(), lease.request().lifetime().toSeconds());
        ask(lease, false, new Exchange(agenda, transmit, request, pauses, () -> onMapSilence(lease, occasion)));
    }

    @Override
    public void unmap(LeasedPort lease) {
        ask(lease, true, new Exchange(agenda, transmit, removal(lease), Exchange.BRISK, () -> {
            asked.remove(lease.nonce());
            listener.onNotRemoved(lease, silence());
        }));
    }

    private void ask(LeasedPort lease, boolean isRemoval, Exchange exchange) {
        Asked before = asked.put(lease.nonce(), new Asked(lease, isRemoval, exchange));
        if (before != null) {
            before.exchange().end();
        }
        exchange.start();
    }

    /** RFC 6887 §15.1: a lifetime of zero, and nothing suggested. */
    private ByteBuffer removal(LeasedPort lease) {
        IpAddress any = gateway.local().isIpv4() ? IpAddress.v4(0) : IpAddress.v6(0, 0);
        return request(lease, new TransportAddress(any, 0), 0);
    }

    private ByteBuffer request(LeasedPort lease, TransportAddress suggested, long lifetimeSeconds) {
        MappingRequest wanted = lease.request();
        return PcpMessage.map(
                gateway.local(), lease.nonce(), wanted.protocol(), wanted.internalPort(), suggested, lifetimeSeconds);
    }

    private void onMapSilence(LeasedPort lease, Occasion occasion) {
        if (occasion == Occasion.FIRST) {
            giveUp(lease);
        }
        listener.onRefused(lease, silence());
    }

    /** Another protocol will be tried: the mapping may be there although no answer came. */
    private void giveUp(LeasedPort lease) {
        asked.remove(lease.nonce());
        transmit.accept(removal(lease));
    }

    @Override
    public void onDatagram(TransportAddress from, ByteBuffer bytes) {
        // RFC 6887 §8.3: what comes from elsewhere is dropped.
        if (from.equals(server)) {
            PcpMessage.parse(bytes).ifPresent(this::onResponse);
        }
    }

    private void onResponse(PcpMessage.Response response) {
        if (response.version() != PcpMessage.VERSION) {
            onOtherVersion(response.version());
        } else if (response.opcode() == PcpMessage.ANNOUNCE) {
            checkEpoch(response);
            onAnnounce(response.result());
        } else {
            response.map().ifPresent(map -> onMap(response, map));
        }
    }

    private void checkEpoch(PcpMessage.Response response) {
        if (epoch.isResetByPcp(response.epoch(), agenda.nowNanos())) {
            listener.onRestart(MappingProtocol.PCP);
        }
    }

    /** RFC 6887 §9 (4): version 0 is NAT-PMP, whose client asks by itself. */
    private void onOtherVersion(int version) {
        String said = version == 0 ? "it speaks NAT-PMP alone" : "it speaks version " + version;
        MappingFailure failure = new MappingFailure(MappingProtocol.PCP, MappingFailure.Kind.UNSUPPORTED, said);
        if (announcing != null) {
            notOffered(failure);
        }
        for (Asked each : new ArrayList<>(asked.values())) {
            each.exchange().end();
            asked.remove(each.lease().nonce());
            tell(each, failure);
        }
    }

    private void onAnnounce(int result) {
        if (announcing == null) {
            return;
        }
        MappingFailure failure = PcpMessage.failure(result);
        // Who does not know ANNOUNCE knows PCP all the same.
        if (result == PcpMessage.SUCCESS || failure.kind() == MappingFailure.Kind.UNSUPPORTED) {
            stop();
            listener.onOffered(MappingProtocol.PCP, "");
        } else {
            notOffered(failure);
        }
    }

    private void onMap(PcpMessage.Response response, PcpMessage.MapData map) {
        Asked request = asked.get(map.nonce());
        // RFC 6887 §11.4: nonce, protocol and internal port tell to which request an answer belongs.
        if (request == null
                || map.protocol() != request.lease().request().protocol().number()
                || map.internalPort() != request.lease().request().internalPort()) {
            return;
        }
        checkEpoch(response);
        boolean isError = response.result() != PcpMessage.SUCCESS;
        // RFC 6887 §15.1: the answer to a removal has no external port; one that has is late.
        if (request.isRemoval() && !isError && map.external().port() != 0 && response.lifetimeSeconds() != 0) {
            return;
        }
        request.exchange().end();
        if (isError) {
            onError(request, response);
        } else if (request.isRemoval()) {
            asked.remove(map.nonce());
            listener.onRemoved(request.lease());
        } else {
            onSuccess(request.lease(), response, map);
        }
    }

    private void onError(Asked request, PcpMessage.Response response) {
        MappingFailure failure = PcpMessage.failure(response.result());
        if (failure.kind() == MappingFailure.Kind.NO_RESOURCES) {
            exhausted = failure;
            long seconds = Math.min(response.lifetimeSeconds(), MAX_ERROR_SECONDS);
            agenda.after(Duration.ofSeconds(seconds), () -> exhausted = null);
        }
        asked.remove(request.lease().nonce());
        tell(request, failure);
    }

    private void tell(Asked request, MappingFailure failure) {
        if (request.isRemoval()) {
            listener.onNotRemoved(request.lease(), failure);
        } else {
            listener.onRefused(request.lease(), failure);
        }
    }

    private void onSuccess(LeasedPort lease, PcpMessage.Response response, PcpMessage.MapData map) {
        IpAddress ip = map.external().ip();
        boolean isUsable =
                map.external().port() != 0 && (ip.high() != 0 || ip.low() != 0) && response.lifetimeSeconds() > 0;
        if (!isUsable) {
            giveUp(lease);
            String said = map.external() + " for " + response.lifetimeSeconds() + " s";
            listener.onRefused(
                    lease, new MappingFailure(MappingProtocol.PCP, MappingFailure.Kind.UNUSABLE_ANSWER, said));
            return;
        }
        listener.onExternalAddress(MappingProtocol.PCP, ip);
        Duration lifetime = Duration.ofSeconds(response.lifetimeSeconds());
        listener.onGranted(lease, MappingProtocol.PCP, map.external(), lifetime);
    }

    private void notOffered(MappingFailure failure) {
        stop();
        listener.onNotOffered(failure);
    }

    @Override
    public void stop() {
        if (announcing != null) {
            announcing.end();
            announcing = null;
        }
    }

    private static MappingFailure silence() {
        return new MappingFailure(MappingProtocol.PCP, MappingFailure.Kind.SILENT);
    }
}
