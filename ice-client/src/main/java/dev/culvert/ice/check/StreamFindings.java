package dev.culvert.ice.check;

import dev.culvert.ice.nat.StreamCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What TCP, TLS and the lengths of answers tell. */
final class StreamFindings {
    /** A server for behaviour discovery that tells its SOFTWARE stays below. */
    private static final double MAX_FACTOR = 6;

    private StreamFindings() {}

    static Optional<Finding> ofAmplification(List<Amplification> all) {
        return all.stream()
                .max(Comparator.comparingDouble(Amplification::factor))
                .map(worst -> {
                    String detail = String.format(
                            Locale.ROOT,
                            "up to %.1f bytes for each one asked (%s: %d for %d)",
                            worst.factor(),
                            worst.request(),
                            worst.bytesReceived(),
                            worst.bytesSent());
                    return worst.factor() > MAX_FACTOR
                            ? Finding.wrong(Topic.AMPLIFICATION, detail + ": of use to those who forge addresses")
                            : Finding.yes(Topic.AMPLIFICATION, detail);
                });
    }

    static Finding ofTcp(StreamCheck check) {
        return of(Topic.TCP, check);
    }

    private static Finding of(Topic topic, StreamCheck check) {
        return switch (check.result()) {
            case ANSWERED -> Finding.yes(topic, "answers a Binding request");
            case CONNECTED -> Finding.wrong(topic, "connects, but does not answer: " + check.detail());
            case FAILED -> Finding.no(topic, check.failure().text());
        };
    }

    static List<Finding> ofTls(TlsCheck check) {
        List<Finding> findings = new ArrayList<>();
        findings.add(of(Topic.TLS, check.stream()));
        if (!check.subject().isEmpty() || !check.names().isEmpty()) {
            findings.add(ofCertificate(check));
        }
        return findings;
    }

    private static Finding ofCertificate(TlsCheck check) {
        if (!check.problem().isEmpty()) {
            return Finding.wrong(Topic.CERTIFICATE, check.problem());
        }
        String names = check.names().isEmpty() ? check.subject() : String.join(", ", check.names());
        long days = Duration.between(check.checkedAt(), check.notAfter()).toDays();
        return Finding.yes(
                Topic.CERTIFICATE, "for " + names + ", for another " + days + " days (until " + check.notAfter() + ")");
    }
}
