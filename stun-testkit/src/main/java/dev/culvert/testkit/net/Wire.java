package dev.culvert.testkit.net;

import java.time.Duration;
import java.util.function.Consumer;

/** One direction of a link: applies its faults and keeps the order of what it does not hold back. */
final class Wire {
    private final SimulatedNetwork network;
    private final String place;
    private Link link;
    private long lastArrivalNanos;

    Wire(SimulatedNetwork network, String place, Link link) {
        this.network = network;
        this.place = place;
        this.link = link;
        lastArrivalNanos = network.nowNanos();
    }

    void become(Link newLink) {
        link = newLink;
    }

    void carry(Datagram datagram, Consumer<Datagram> arrival) {
        if (happens(link.loss())) {
            network.trace().note(Trace.Outcome.LOST, place, "", datagram);
            return;
        }
        schedule(datagram, arrival);
        if (happens(link.duplication())) {
            network.trace().note(Trace.Outcome.DUPLICATED, place, "", datagram);
            schedule(datagram, arrival);
        }
    }

    private void schedule(Datagram datagram, Consumer<Datagram> arrival) {
        long atNanos = network.nowNanos() + link.latency().toNanos() + jitterNanos();
        if (happens(link.reordering())) {
            network.at(atNanos + link.holdBack().toNanos(), () -> arrival.accept(datagram));
            return;
        }
        lastArrivalNanos = atNanos - lastArrivalNanos < 0 ? lastArrivalNanos : atNanos;
        network.at(lastArrivalNanos, () -> arrival.accept(datagram));
    }

    private long jitterNanos() {
        Duration jitter = link.jitter();
        return jitter.isZero() ? 0 : network.random().nextLong(jitter.toNanos() + 1);
    }

    private boolean happens(double share) {
        return share > 0 && network.random().nextDouble() < share;
    }
}
