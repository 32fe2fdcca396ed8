package dev.culvert.ice.check;

import dev.culvert.ice.nat.ProbeServer;
import dev.culvert.ice.nat.StreamCheck;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a server supports and where it is wrong. Rate limits are not tested: that would take a flood.
 *
 * @param server which one
 * @param answered whether it answered a Binding request over UDP
 * @param standard the edition of STUN that it speaks
 * @param roundTrip over UDP, where one is known
 * @param findings at most one for each topic, in the order of the topics
 * @param amplification what each unauthenticated request over UDP has brought forth
 */
public record ServerReport(
        ProbeServer server,
        boolean answered,
        Standard standard,
        Optional<Duration> roundTrip,
        List<Finding> findings,
        List<Amplification> amplification) {
    public ServerReport {
        findings = List.copyOf(findings);
        amplification = List.copyOf(amplification);
    }

    /** What its owner has to mend. */
    public List<Finding> faults() {
        return findings.stream().filter(Finding::isFault).toList();
    }

    /** What was found about {@code topic}; empty where it was not asked. */
    public Optional<Finding> finding(Topic topic) {
        return findings.stream().filter(finding -> finding.topic() == topic).findFirst();
    }

    /** Whether it answers over TCP or TLS. */
    public boolean answersStreams() {
        return List.of(Topic.TCP, Topic.TLS).stream()
                .flatMap(topic -> finding(topic).stream())
                .anyMatch(finding -> finding.result() == Finding.Result.YES);
    }

    static boolean isAnswered(StreamCheck check) {
        return check.result() == StreamCheck.Result.ANSWERED;
    }
}
