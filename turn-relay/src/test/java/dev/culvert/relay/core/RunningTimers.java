package dev.culvert.relay.core;

/** Lets tests of other packages see whether a server has left a timer behind. */
public final class RunningTimers {
    private RunningTimers() {}

    /** How many relayed addresses, permissions, channels and reservations of {@code server} wait for their end. */
    public static int of(TurnServer server) {
        return server.timers();
    }
}
