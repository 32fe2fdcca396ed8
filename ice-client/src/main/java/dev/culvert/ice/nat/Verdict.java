package dev.culvert.ice.nat;

import java.util.List;

/**
 * What was found out about the way to the outside.
 *
 * @param mapping proven, or {@code UNKNOWN}
 * @param filtering proven, or {@code UNKNOWN}
 * @param natType the classic name
 * @param confidence 0–1, how likely it is that chance has not deceived us; 0 where nothing is proven
 * @param caveats why the confidence is low, in words; empty where it is not
 * @param inconclusive what is {@code UNKNOWN}, and why
 */
public record Verdict(
        MappingBehavior mapping,
        FilteringBehavior filtering,
        NatType natType,
        double confidence,
        List<String> caveats,
        List<Inconclusive> inconclusive) {
    public Verdict {
        if (!(confidence >= 0 && confidence <= 1)) {
            throw new IllegalArgumentException("a confidence is 0 to 1, not " + confidence);
        }
        caveats = List.copyOf(caveats);
        inconclusive = List.copyOf(inconclusive);
    }
}
