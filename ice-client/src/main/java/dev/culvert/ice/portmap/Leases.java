package dev.culvert.ice.portmap;

import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Keeps the mappings that are wanted: asks, renews, restores, removes. Mutable, owned by one thread. */
final class Leases {
    /** RFC 6887 §11.2.1: renewals are at least four seconds apart. */
    private static final Duration MIN_RENEWAL_PAUSE = Duration.ofSeconds(4);

    /** A gateway without leases may restart like others: its mappings are made again this often, at half of it. */
    private static final Duration PERMANENT_RENEWAL = Duration.ofHours(1);

    /** RFC 6887 §14.1.3, RFC 6886 §3.7: not all clients at once. */
    private static final long RESTORATION_SPREAD_MILLIS = 5_000;

    private static final Duration FIRST_RETRY = Duration.ofSeconds(30);
    private static final int MAX_RETRY_DOUBLINGS = 5;

    private final Gateway gateway;
    private final Agenda agenda;
    private final RandomGenerator random;
    private final Offers offers;
    private final Consumer<PortMapEvent> events;
    private final Runnable rediscover;
    private final Map<MappingId, LeasedPort> leases = new LinkedHashMap<>();

    Leases(
            Gateway gateway,
            Agenda agenda,
            RandomGenerator random,
            Offers offers,
            Consumer<PortMapEvent> events,
            Runnable rediscover) {
        this.gateway = gateway;
        this.agenda = agenda;
        this.random = random;
        this.offers = offers;
        this.events = events;
        this.rediscover = rediscover;
    }

    void add(MappingId id, MappingRequest request) {
        byte[] nonce = new byte[PcpMessage.NONCE_BYTES];
        random.nextBytes(nonce);
        leases.put(id, new LeasedPort(id, request, gateway.local(), ByteBuffer.wrap(nonce)));
        assign();
    }

    boolean isEmpty() {
        return leases.isEmpty();
    }

    List<PortMapping> held() {
        return leases.values().stream().flatMap(lease -> lease.held().stream()).toList();
    }

    /** Asks for all that waits, as far as there is somebody to be asked. */
    void assign() {
        for (LeasedPort lease : new ArrayList<>(leases.values())) {
            if (lease.state == LeasedPort.State.WAITING) {
                assign(lease);
            }
        }
    }

    private void assign(LeasedPort lease) {
        Optional<MappingClient> best = offers.best(lease.refusedBy());
        if (best.isPresent()) {
            lease.ask(best.get());
            best.get().map(lease, MappingClient.Occasion.FIRST);
        } else if (offers.isSettled()) {
            giveUp(lease);
        }
    }

    private void giveUp(LeasedPort lease) {
        if (lease.losses > 0) {
            lease.lose();
            retryLater(lease);
            return;
        }
        List<MappingFailure> failures = offers.failures(lease.failures());
        end(lease);
        events.accept(new PortMapEvent.Failed(lease.id(), failures));
    }

    private void end(LeasedPort lease) {
        lease.stopTimer();
        lease.state = LeasedPort.State.GONE;
        leases.remove(lease.id());
    }

    void onGranted(LeasedPort lease, MappingProtocol via, TransportAddress external, Duration lifetime) {
        if (lease.state == LeasedPort.State.REMOVING || lease.state == LeasedPort.State.GONE) {
            return;
        }
        Duration max = MappingRequest.MAX_LIFETIME;
        Duration sane = lifetime.compareTo(max) > 0 ? max : lifetime;
        PortMapping mapping = new PortMapping(via, lease.request().protocol(), lease.internal(), external, sane);
        boolean isSame = lease.held()
                .filter(before -> before.external().equals(external))
                .isPresent();
        lease.hold(mapping, agenda.nowNanos());
        planRenewal(lease, sane);
        events.accept(
                isSame ? new PortMapEvent.Renewed(lease.id(), mapping) : new PortMapEvent.Mapped(lease.id(), mapping));
    }

    private void planRenewal(LeasedPort lease, Duration lifetime) {
        double leaseNanos = (lifetime.isZero() ? PERMANENT_RENEWAL : lifetime).toNanos();
        // RFC 6887 §11.2.1: between 1/2 and 5/8, then between 3/4 and 3/4 + 1/16, and so on.
        double rest = Math.pow(0.5, lease.renewals + 1);
        double fraction = 1 - rest + random.nextDouble() * rest / 4;
        long dueNanos = lease.grantedNanos + (long) (fraction * leaseNanos);
        long leastNanos = lease.renewals == 0 ? 0 : MIN_RENEWAL_PAUSE.toNanos();
        long delayNanos = Math.max(dueNanos - agenda.nowNanos(), leastNanos);
        long leftNanos = lease.grantedNanos + (long) leaseNanos - agenda.nowNanos();
        if (delayNanos < leftNanos) {
            lease.timer(agenda.after(Duration.ofNanos(delayNanos), () -> renew(lease, lifetime)));
        } else {
            lease.timer(agenda.after(Duration.ofNanos(leftNanos), () -> lose(lease)));
        }
    }

    private void renew(LeasedPort lease, Duration lifetime) {
        lease.renewals++;
        lease.forgetFailures();
        planRenewal(lease, lifetime);
        lease.client().map(lease, MappingClient.Occasion.RENEWAL);
    }

    private void lose(LeasedPort lease) {
        MappingFailure failure = lease.failures().isEmpty()
                ? new MappingFailure(lease.client().protocol(), MappingFailure.Kind.SILENT)
                : lease.failures().get(0);
        Optional<PortMapping> lost = lease.held();
        lease.lose();
        retryLater(lease);
        lost.ifPresent(mapping -> events.accept(new PortMapEvent.Lost(lease.id(), mapping, failure)));
    }

    /** After 30 s, then twice as long each time, up to 16 minutes. */
    private void retryLater(LeasedPort lease) {
        int doublings = Math.min(lease.losses - 1, MAX_RETRY_DOUBLINGS);
        lease.timer(agenda.after(FIRST_RETRY.multipliedBy(1L << doublings), () -> {
            lease.forgetFailures();
            lease.state = LeasedPort.State.WAITING;
            rediscover.run();
            assign();
        }));
    }

    void onRefused(LeasedPort lease, MappingFailure failure) {
        if (lease.state == LeasedPort.State.ASKED) {
            lease.refuse(failure);
            lease.state = LeasedPort.State.WAITING;
            assign(lease);
        } else if (lease.state == LeasedPort.State.HELD) {
            lease.forgetFailures();
            lease.refuse(failure);
            // Otherwise the next renewal is planned.
            if (lease.isRestoring) {
                lose(lease);
            }
        }
    }

    /** Asks for all that is held once more, within five seconds. */
    void restore() {
        for (LeasedPort lease : leases.values()) {
            // One that is due is not put off by the next sign of the same restart.
            if (lease.state == LeasedPort.State.HELD && !lease.isRestorationDue) {
                lease.isRestorationDue = true;
                Duration delay = Duration.ofMillis(random.nextLong(RESTORATION_SPREAD_MILLIS));
                lease.timer(agenda.after(delay, () -> restore(lease)));
            }
        }
    }

    private void restore(LeasedPort lease) {
        lease.isRestorationDue = false;
        lease.isRestoring = true;
        lease.held().ifPresent(mapping -> {
            planRenewal(lease, mapping.lifetime());
            lease.client().map(lease, MappingClient.Occasion.RESTORATION);
        });
    }

    void remove(MappingId id) {
        LeasedPort lease = leases.get(id);
        if (lease == null) {
            return;
        }
        switch (lease.state) {
            case WAITING, PAUSED -> onRemoved(lease);
            case ASKED, HELD -> {
                lease.stopTimer();
                lease.state = LeasedPort.State.REMOVING;
                lease.client().unmap(lease);
            }
            case REMOVING, GONE -> {}
        }
    }

    void removeAll() {
        List.copyOf(leases.keySet()).forEach(this::remove);
    }

    void onRemoved(LeasedPort lease) {
        end(lease);
        events.accept(new PortMapEvent.Removed(lease.id()));
    }

    void onNotRemoved(LeasedPort lease, MappingFailure failure) {
        end(lease);
        events.accept(new PortMapEvent.NotRemoved(lease.id(), failure));
    }
}
