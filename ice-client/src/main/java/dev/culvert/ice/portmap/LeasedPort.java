package dev.culvert.ice.portmap;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One mapping that is wanted, and how far it has come. Mutable, owned by one thread. */
final class LeasedPort {
    private final MappingId id;
    private final MappingRequest request;
    private final TransportAddress internal;
    private final ByteBuffer nonce;
    private final Set<MappingProtocol> refusedBy = EnumSet.noneOf(MappingProtocol.class);
    private final List<MappingFailure> failures = new ArrayList<>();
    State state = State.WAITING;
    private @Nullable MappingClient client;
    private @Nullable PortMapping held;
    private Optional<TransportAddress> lastExternal = Optional.empty();
    private @Nullable UpnpMapping atGateway;
    private Agenda.@Nullable Task timer;
    long grantedNanos;
    int renewals;
    int losses;
    boolean isRestorationDue;
    boolean isRestoring;

    enum State {
        /** No protocol has been chosen. */
        WAITING,
        ASKED,
        HELD,
        /** Lost, and asked for again later. */
        PAUSED,
        REMOVING,
        GONE
    }

    LeasedPort(MappingId id, MappingRequest request, IpAddress local, ByteBuffer nonce) {
        this.id = id;
        this.request = request;
        this.internal = new TransportAddress(local, request.internalPort());
        this.nonce = nonce;
    }

    MappingId id() {
        return id;
    }

    MappingRequest request() {
        return request;
    }

    TransportAddress internal() {
        return internal;
    }

    /** RFC 6887 §11.2: what only the maker of the mapping knows. */
    ByteBuffer nonce() {
        return nonce;
    }

    /** The external port that would be liked: that of last time, so that others need not learn a new one; 0 for any. */
    int suggestedPort() {
        return lastExternal.map(TransportAddress::port).orElse(request.suggestedExternalPort());
    }

    /** The same with the address, which is all zeros where there is no preference. */
    TransportAddress suggested() {
        IpAddress any = internal.ip().isIpv4() ? IpAddress.v4(0) : IpAddress.v6(0, 0);
        return lastExternal.orElse(new TransportAddress(any, request.suggestedExternalPort()));
    }

    void ask(MappingClient chosen) {
        client = chosen;
        state = State.ASKED;
    }

    /** By which protocol it was asked for. */
    MappingClient client() {
        MappingClient chosen = client;
        if (chosen == null) {
            throw new IllegalStateException("nobody was asked for " + this);
        }
        return chosen;
    }

    void refuse(MappingFailure failure) {
        refusedBy.add(failure.via());
        failures.add(failure);
    }

    Set<MappingProtocol> refusedBy() {
        return refusedBy;
    }

    List<MappingFailure> failures() {
        return failures;
    }

    /** The mapping as the router granted it last; empty where there is none at the moment. */
    Optional<PortMapping> held() {
        return Optional.ofNullable(held);
    }

    void hold(PortMapping mapping, long nowNanos) {
        held = mapping;
        lastExternal = Optional.of(mapping.external());
        state = State.HELD;
        grantedNanos = nowNanos;
        renewals = 0;
        losses = 0;
        isRestorationDue = false;
        isRestoring = false;
        forgetFailures();
    }

    void lose() {
        held = null;
        atGateway = null;
        isRestorationDue = false;
        isRestoring = false;
        losses++;
        state = State.PAUSED;
    }

    void forgetFailures() {
        refusedBy.clear();
        failures.clear();
    }

    /** Its state at a UPnP gateway, which keeps none for a lost mapping that is asked for anew. */
    UpnpMapping atGateway(Supplier<UpnpMapping> fresh) {
        UpnpMapping known = atGateway == null ? fresh.get() : atGateway;
        atGateway = known;
        return known;
    }

    /** Sets the one thing that is to be done next, in place of what was. */
    void timer(Agenda.Task task) {
        stopTimer();
        timer = task;
    }

    void stopTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    @Override
    public String toString() {
        return request.protocol() + " " + internal;
    }
}
