package dev.culvert.relay.session;

import dev.culvert.testkit.net.SimulatedNetwork;

/** The time of day in a simulated network. */
final class WallClock {
    private static final long START_EPOCH_SECONDS = 1_800_000_000;

    private final SimulatedNetwork network;
    private final long startNanos;

    WallClock(SimulatedNetwork network) {
        this.network = network;
        this.startNanos = network.nowNanos();
    }

    SimulatedNetwork network() {
        return network;
    }

    long epochSeconds() {
        return START_EPOCH_SECONDS + (network.nowNanos() - startNanos) / 1_000_000_000;
    }
}
