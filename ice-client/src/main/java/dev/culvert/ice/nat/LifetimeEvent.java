package dev.culvert.ice.nat;

import java.time.Duration;

/** News of a lifetime measurement that runs. */
public sealed interface LifetimeEvent {
    /** How many mappings are still being watched or still to be made. */
    int openRungs();

    /** How long it will take at most from now on, but for repeated checks. */
    Duration atMost();

    /** All mappings will now be made, and left idle. */
    record Started(int openRungs, Duration atMost) implements LifetimeEvent {}

    /** The fate of one mapping is known. */
    record Checked(LifetimeRung rung, int openRungs, Duration atMost) implements LifetimeEvent {}
}
