package dev.culvert.ice.diagnosis;

import dev.culvert.ice.diagnosis.RelayFacts.Passage;
import dev.culvert.ice.nat.AddressScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is wrong with a relay, judged by what was seen of it. */
public final class RelayFindings {
    /** What one datagram that is lost by chance does not reach. */
    private static final double NOTABLE_LOSS = 0.02;

    private RelayFindings() {}

    /** What should be mended; empty where nothing is wrong. */
    public static List<TurnFinding> of(RelayFacts facts) {
        List<TurnFinding> findings = new ArrayList<>();
        boolean isNarrower = AddressScope.of(facts.relayed().ip())
                        .compareTo(AddressScope.of(facts.server().ip()))
                < 0;
        if (isNarrower) {
            findings.add(wrongExternalAddress(facts));
        } else if (isSilentToAll(facts)) {
            findings.add(portsClosed(facts));
        } else if (facts.between() == Passage.PASSED && facts.outside() == Passage.SILENT && facts.overUdp()) {
            findings.add(closedToOthers(facts));
        } else if (facts.between() == Passage.SILENT && facts.outside() == Passage.PASSED) {
            findings.add(noWayToItself(facts));
        }
        if (facts.between() == Passage.FORBIDDEN) {
            findings.add(forbidden(facts));
        }
        if (facts.between() == Passage.PASSED && facts.loss() > NOTABLE_LOSS) {
            findings.add(loss(facts));
        }
        return findings;
    }

    private static boolean isSilentToAll(RelayFacts facts) {
        return facts.between() == Passage.SILENT && facts.outside() != Passage.PASSED
                || facts.between() == Passage.FORBIDDEN && facts.outside() == Passage.SILENT && facts.overUdp();
    }

    private static TurnFinding wrongExternalAddress(RelayFacts facts) {
        return new TurnFinding(
                TurnFinding.Kind.WRONG_EXTERNAL_ADDRESS,
                "the server is reached at " + facts.server().ip() + " but tells its clients the relayed address "
                        + facts.relayed().ip() + ", which others cannot reach; set its external address to the public"
                        + " one (turn-relay: --external-address, coturn: external-ip)");
    }

    private static TurnFinding portsClosed(RelayFacts facts) {
        String other = facts.relayed().ip().equals(facts.server().ip())
                ? ""
                : ", or " + facts.relayed().ip() + " is not the server's address: set its external address right";
        return new TurnFinding(
                TurnFinding.Kind.RELAY_PORTS_CLOSED,
                "allocations are granted, but nothing arrives at the relayed address " + facts.relayed()
                        + "; open the server's UDP relay ports in its firewall (usually 49152-65535)" + other);
    }

    private static TurnFinding closedToOthers(RelayFacts facts) {
        return new TurnFinding(
                TurnFinding.Kind.CLOSED_TO_OTHERS,
                "two allocations reach each other, but a datagram from this host to the relayed address "
                        + facts.relayed() + " gets no answer; open the server's UDP relay ports for everyone, and check"
                        + " that this is its public address");
    }

    private static TurnFinding noWayToItself(RelayFacts facts) {
        return new TurnFinding(
                TurnFinding.Kind.NO_WAY_TO_ITSELF,
                "the relayed address " + facts.relayed() + " is reached from here, but not from the server itself, so"
                        + " two clients that both need the relay do not meet; let its NAT or firewall send its own"
                        + " packets to this address back to it");
    }

    private static TurnFinding forbidden(RelayFacts facts) {
        return new TurnFinding(
                TurnFinding.Kind.RELAY_FORBIDDEN,
                "the server does not relay to " + facts.relayed().ip() + ", its own relay address, so two clients that"
                        + " both need the relay do not meet; allow this peer there");
    }

    private static TurnFinding loss(RelayFacts facts) {
        return new TurnFinding(
                TurnFinding.Kind.LOSS,
                String.format(
                        Locale.ROOT,
                        "%.1f %% of the round trips are lost, which calls do not bear well; check the way to the server,"
                                + " and its load",
                        facts.loss() * 100));
    }
}
