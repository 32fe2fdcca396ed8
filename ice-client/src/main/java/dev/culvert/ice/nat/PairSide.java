package dev.culvert.ice.nat;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One of two hosts that want to connect: what a discovery has told about it.
 *
 * @param name how it is called in reasons
 * @param mapping proven, or {@code UNKNOWN}
 * @param filtering proven, or {@code UNKNOWN}
 * @param symmetric whether several mappings of one socket were seen, be it known or not what they depend on
 * @param external the addresses that servers saw of one socket
 * @param local the addresses of the host itself
 * @param paired whether all its sockets share one external IP address
 * @param predictable whether the next external port can be told from the last ones
 * @param confidence 0–1, that of the discovery's verdict
 */
public record PairSide(
        String name,
        MappingBehavior mapping,
        FilteringBehavior filtering,
        boolean symmetric,
        List<TransportAddress> external,
        List<IpAddress> local,
        boolean paired,
        boolean predictable,
        double confidence) {
    /** How far apart the ports of two sockets opened one after the other may be; others take some in between. */
    private static final int MAX_STEP = 16;

    /** Fewer steps than this may look regular by chance. */
    private static final int MIN_STEPS = 3;

    public PairSide {
        external = List.copyOf(external);
        local = List.copyOf(local);
    }

    /** The side that {@code report} was made on. */
    public static PairSide of(String name, NatReport report) {
        Verdict verdict = report.verdict();
        Set<IpAddress> local = new LinkedHashSet<>();
        report.local().forEach(address -> local.add(address.ip()));
        return new PairSide(
                name,
                verdict.mapping(),
                verdict.filtering(),
                verdict.natType() == NatType.SYMMETRIC,
                report.external(),
                List.copyOf(local),
                report.ports().paired(),
                isPredictable(report.ports().samples()),
                verdict.confidence());
    }

    /** Whether external ports go up, or down, by small steps from one socket to the next. */
    public static boolean isPredictable(List<PortBehavior.Sample> samples) {
        int up = 0;
        int down = 0;
        for (int i = 1; i < samples.size(); i++) {
            int step = samples.get(i).externalPort() - samples.get(i - 1).externalPort();
            up += step > 0 && step <= MAX_STEP ? 1 : 0;
            down += step < 0 && step >= -MAX_STEP ? 1 : 0;
        }
        // One step may lie where the range begins anew.
        int enough = Math.max(MIN_STEPS, samples.size() - 2);
        return up >= enough || down >= enough;
    }

    /** The IP addresses that servers saw. */
    Set<IpAddress> externalIps() {
        Set<IpAddress> ips = new LinkedHashSet<>();
        external.forEach(address -> ips.add(address.ip()));
        return ips;
    }

    /** Whether all its flows leave from one IP address, as far as was seen. */
    boolean hasOneExternalIp() {
        return paired && externalIps().size() == 1;
    }

    /** Whether others can tell where its next flow will come from. */
    boolean isGuessable() {
        return predictable && hasOneExternalIp();
    }

    /** This side as it would be with that behaviour. */
    PairSide behaving(MappingBehavior newMapping, FilteringBehavior newFiltering) {
        return new PairSide(
                name, newMapping, newFiltering, symmetric, external, local, paired, predictable, confidence);
    }
}
