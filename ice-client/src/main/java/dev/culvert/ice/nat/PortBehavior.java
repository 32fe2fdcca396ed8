package dev.culvert.ice.nat;

import java.util.List;
import java.util.OptionalInt;

/**
 * How external ports are chosen (RFC 4787 §4.2), seen over several sockets opened one after another.
 *
 * @param samples local and external port of each
 * @param preservation whether every external port is the local one
 * @param parity whether even local ports get even external ones, and odd ones odd
 * @param contiguity whether the external ports are as far apart as the local ones
 * @param delta the step from one socket's external port to the next one's, where it is always the same
 * @param paired whether all sockets share one external IP address
 */
public record PortBehavior(
        List<Sample> samples,
        boolean preservation,
        boolean parity,
        boolean contiguity,
        OptionalInt delta,
        boolean paired) {
    /** One socket's ports. */
    public record Sample(int localPort, int externalPort) {}

    public PortBehavior {
        samples = List.copyOf(samples);
    }

    /** Reads the behaviour off {@code samples}, which were taken in this order. */
    public static PortBehavior of(List<Sample> samples, boolean paired) {
        boolean preservation = samples.stream().allMatch(sample -> sample.localPort() == sample.externalPort());
        boolean parity = samples.stream().allMatch(sample -> (sample.localPort() - sample.externalPort()) % 2 == 0);
        boolean contiguity = samples.stream().allMatch(sample -> shift(sample) == shift(samples.get(0)));
        return new PortBehavior(samples, preservation, parity, contiguity, commonDelta(samples), paired);
    }

    private static int shift(Sample sample) {
        return sample.externalPort() - sample.localPort();
    }

    private static OptionalInt commonDelta(List<Sample> samples) {
        int[] deltas = new int[Math.max(0, samples.size() - 1)];
        for (int i = 0; i < deltas.length; i++) {
            deltas[i] = samples.get(i + 1).externalPort() - samples.get(i).externalPort();
        }
        boolean common = deltas.length > 1;
        for (int delta : deltas) {
            common &= delta == deltas[0];
        }
        return common ? OptionalInt.of(deltas[0]) : OptionalInt.empty();
    }

    /** The lowest external port; empty without samples. */
    public OptionalInt lowestPort() {
        return samples.stream().mapToInt(Sample::externalPort).min();
    }

    /** The highest external port; empty without samples. */
    public OptionalInt highestPort() {
        return samples.stream().mapToInt(Sample::externalPort).max();
    }
}
