package dev.culvert.ice.sip;

import dev.culvert.stun.TransportAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What came of all requests, and what follows.
 *
 * @param ports the server's ports that were asked; the first is the one that an ALG looks at, usually 5060
 * @param attempts every request, in the order of the ports
 * @param mapped what STUN from the same UDP socket said, by the server's port; without those that it did not answer
 */
public record SipReport(List<Integer> ports, List<SipAttempt> attempts, Map<Integer, TransportAddress> mapped) {
    public SipReport {
        ports = List.copyOf(ports);
        attempts = List.copyOf(attempts);
        mapped = Map.copyOf(new TreeMap<>(mapped));
        if (ports.isEmpty()) {
            throw new IllegalArgumentException("no port was asked");
        }
    }

    /** What is on the way. */
    public SipVerdict verdict() {
        if (!faults().isEmpty()) {
            return SipVerdict.BREAKING;
        }
        boolean touched = attempts.stream()
                .flatMap(attempt -> attempt.comparison().stream())
                .anyMatch(comparison -> !comparison.changes().isEmpty());
        if (touched || !elsewhere().isEmpty()) {
            return SipVerdict.HELPFUL;
        }
        boolean looked = attempts.stream()
                .anyMatch(attempt ->
                        attempt.isAnswered() && attempt.method() == SipMethod.INVITE && attempt.port() == ports.get(0));
        return looked ? SipVerdict.NONE : SipVerdict.UNKNOWN;
    }

    /** Everything that is broken, each thing once. */
    public List<SipFault> faults() {
        List<SipFault> faults = new ArrayList<>();
        attempts.forEach(attempt -> {
            attempt.comparison().ifPresent(comparison -> faults.addAll(comparison.faults()));
            vanished(attempt).ifPresent(faults::add);
        });
        return faults.stream().distinct().toList();
    }

    /** Whether anything came back at all. */
    public boolean isAnswered() {
        return attempts.stream().anyMatch(SipAttempt::isAnswered);
    }

    /** Answered requests that came from elsewhere than STUN from the same socket: they were taken out and sent anew. */
    public List<SipAttempt> elsewhere() {
        return attempts.stream()
                .filter(attempt -> attempt.transport() == SipTransport.UDP && mapped.containsKey(attempt.port()))
                .filter(attempt -> attempt.answer()
                        .filter(answer -> !answer.source().equals(mapped.get(attempt.port())))
                        .isPresent())
                .toList();
    }

    /** Ports at which nothing at all came back over {@code transport}: nobody listens there, or all of it is blocked. */
    public List<Integer> deadPorts(SipTransport transport) {
        return ports.stream()
                .filter(port -> attempts.stream()
                        .anyMatch(attempt -> attempt.port() == port && attempt.transport() == transport))
                .filter(port -> attempts.stream()
                        .noneMatch(attempt ->
                                attempt.port() == port && attempt.transport() == transport && isAlive(attempt)))
                .toList();
    }

    /** A request that does not come through though its port is open, and others like it do. */
    private Optional<SipFault> vanished(SipAttempt attempt) {
        if (attempt.isAnswered() || deadPorts(attempt.transport()).contains(attempt.port())) {
            return Optional.empty();
        }
        return attempts.stream()
                .filter(SipAttempt::isAnswered)
                .filter(other -> other.transport() == attempt.transport()
                        && (other.method() == attempt.method() || other.port() == attempt.port()))
                .findFirst()
                .map(other ->
                        new SipFault(SipFault.Kind.VANISHED, attempt + " vanishes, but " + other + " comes through"));
    }

    /** Whether the port of this request is open: it was answered, or STUN was, or there was a connection. */
    private boolean isAlive(SipAttempt attempt) {
        return attempt.isAnswered()
                || (attempt.transport() == SipTransport.UDP && mapped.containsKey(attempt.port()))
                || (attempt.transport() == SipTransport.TCP && attempt.outcome() != SipAttempt.Outcome.NOT_CONNECTED);
    }
}
