package dev.culvert.relay.doctor;

import dev.culvert.relay.config.TurnSettings;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Whether the clock can be right: time-limited credentials and certificates hold by it. */
final class ClockCheck {
    private static final String ABOUT = "clock";

    /** No run of this program was before. */
    private static final Instant WRITTEN = Instant.parse("2026-11-01T00:00:00Z");

    private ClockCheck() {}

    static List<Finding> of(Subject subject) {
        Instant now = subject.host().now().truncatedTo(ChronoUnit.SECONDS);
        if (now.isBefore(WRITTEN)) {
            return List.of(Finding.error(
                    ABOUT,
                    "it says " + now + ", before this program was written",
                    "set it, and keep it right with chronyd or systemd-timesyncd"));
        }
        Optional<String> keeper = subject.host().clockKeeper();
        if (keeper.isPresent()) {
            return List.of(Finding.ok(ABOUT, "it says " + now + ", kept by " + keeper.get()));
        }
        return List.of(
                isNeeded(subject)
                        ? Finding.warn(
                                ABOUT,
                                "it says " + now + ", and nothing is seen here that keeps it right",
                                "run chronyd or systemd-timesyncd; for a container, on its host")
                        : Finding.ok(ABOUT, "it says " + now));
    }

    private static boolean isNeeded(Subject subject) {
        return subject.isGiven(TurnSettings.SHARED_SECRET)
                || subject.isGiven(TurnSettings.SHARED_SECRET_FILE)
                || !subject.config().server().tlsIdentities().isEmpty();
    }
}
