package dev.culvert.ice.nat;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.stun.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

/**
 * What a lifetime measurement is told before it begins.
 *
 * @param server whom to ask; it should know RESPONSE-PORT (RFC 5780 §7.5)
 * @param localAddresses the addresses of this host, the one from which the server is reached first
 * @param rungs the idle times to try: strictly rising, the first at least a second, 1 to 40 of them
 * @param schedule when requests other than the checks are repeated
 */
public record LifetimePlan(
        ProbeServer server, List<IpAddress> localAddresses, List<Duration> rungs, RetransmissionSchedule schedule) {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final int MAX_RUNGS = 40;

    public LifetimePlan {
        localAddresses = List.copyOf(localAddresses);
        rungs = List.copyOf(rungs);
        if (rungs.isEmpty() || rungs.size() > MAX_RUNGS) {
            throw new IllegalArgumentException("1 to " + MAX_RUNGS + " rungs, not " + rungs.size());
        }
        if (rungs.get(0).compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException(
                    "the shortest rung is 1 second or more, not " + rungs.get(0).toMillis() + " ms");
        }
        for (int i = 1; i < rungs.size(); i++) {
            if (rungs.get(i).compareTo(rungs.get(i - 1)) <= 0) {
                throw new IllegalArgumentException("the rungs do not rise: " + rungs);
            }
        }
    }

    /** The usual rungs, from 15 seconds to 10 minutes. */
    public static List<Duration> standardRungs() {
        return LongStream.of(15, 30, 45, 60, 90, 120, 180, 240, 300, 420, 600)
                .mapToObj(Duration::ofSeconds)
                .toList();
    }

    Duration longestRung() {
        return rungs.get(rungs.size() - 1);
    }
}
