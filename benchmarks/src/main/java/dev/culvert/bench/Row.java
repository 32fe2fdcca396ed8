package dev.culvert.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * One line of the results.
 *
 * @param shape which shape of load
 * @param name which case of it
 * @param unit of the values, which are the better the smaller they are
 * @param isSaturating whether the load was as much as the server could take
 * @param samples of every contestant, in the order of their rounds
 */
record Row(String shape, String name, String unit, boolean isSaturating, Map<String, List<Sample>> samples) {
    static final String CPU = "CPU-s per million";

    /** Below this the server was not what held the load up. */
    private static final double BUSY = 0.9;

    double median(String contestant) {
        return median(of(contestant).stream().mapToDouble(Sample::value).toArray());
    }

    double busy(String contestant) {
        return median(of(contestant).stream().mapToDouble(Sample::serverBusy).toArray());
    }

    double generatorBusy(String contestant) {
        return median(of(contestant).stream().mapToDouble(Sample::generatorBusy).toArray());
    }

    /** How many times better {@code contestant} is than {@code other}. */
    double ratio(String contestant, String other) {
        return median(other) / median(contestant);
    }

    /** Whether something else than the server held the load up: the generator, or others on this machine. */
    boolean isHeldUp(String contestant) {
        return isSaturating && busy(contestant) < BUSY;
    }

    Tally.Count counted(String contestant) {
        return of(contestant).stream().map(Sample::counted).reduce(new Tally().count(), Tally.Count::plus);
    }

    boolean has(String contestant) {
        return samples.containsKey(contestant);
    }

    private List<Sample> of(String contestant) {
        return samples.getOrDefault(contestant, List.of());
    }

    private static double median(double[] values) {
        if (values.length == 0) {
            return Double.NaN;
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
