package dev.culvert.relay.session;

import dev.culvert.testkit.net.SimulatedNetwork;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Runs something when a deadline comes that may move at any time. */
final class Deadline {
    private final SimulatedNetwork network;
    private final Runnable action;
    private OptionalLong atNanos = OptionalLong.empty();
    private SimulatedNetwork.@Nullable Timer timer;

    Deadline(SimulatedNetwork network, Runnable action) {
        this.network = network;
        this.action = action;
    }

    /** From now on it is at {@code nextNanos}, or nowhere. */
    void follow(OptionalLong nextNanos) {
        if (nextNanos.equals(atNanos)) {
            return;
        }
        cancel();
        atNanos = nextNanos;
        nextNanos.ifPresent(at -> timer = network.at(at, this::run));
    }

    private void run() {
        atNanos = OptionalLong.empty();
        action.run();
    }

    void cancel() {
        atNanos = OptionalLong.empty();
        if (timer != null) {
            timer.cancel();
        }
    }
}
