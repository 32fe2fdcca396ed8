package dev.culvert.ice.vertx;

import dev.culvert.ice.diagnosis.ExaminationStep;
import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.stun.AddressFamily;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How a {@link TurnExamination} is made.
 *
 * @param credential for all allocations
 * @param turn how they are opened
 * @param family of the server's addresses; empty for any
 * @param roundTrips how many datagrams go to and fro, one each 20 ms
 * @param sending how long as much as comes through is sent; zero for not at all
 * @param wallClock what time-limited credentials are compared with
 * @param progress learns of every step before it begins, on the event loop
 */
public record ExaminationPlan(
        LongTermCredential credential,
        TurnOptions turn,
        Optional<AddressFamily> family,
        int roundTrips,
        Duration sending,
        InstantSource wallClock,
        Consumer<ExaminationStep.Name> progress) {
    /** A voice call's pace. */
    static final Duration INTERVAL = Duration.ofMillis(20);

    /** Longer than any round trip of use. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    /** As long as the datagrams of a voice call. */
    static final int SMALL_BYTES = 160;

    /** As long as a datagram gets with ChannelData and headers on every path. */
    static final int LARGE_BYTES = 1200;
}
