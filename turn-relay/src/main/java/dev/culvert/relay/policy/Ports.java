package dev.culvert.relay.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A set of ports, written {@code 5060}, {@code 10000-20000} or {@code 80,443,8000-8999}.
 *
 * @param ranges the ports in ascending order; ranges that overlap or touch are merged
 */
public record Ports(List<Range> ranges) {
    /** Every port. */
    public static final Ports ALL = new Ports(List.of(new Range(0, 0xFFFF)));

    /**
     * Consecutive ports.
     *
     * @param first the lowest, 0 to 65535
     * @param last the highest, {@code first} to 65535
     */
    public record Range(int first, int last) {
        public Range {
            if (first < 0 || last < first || last > 0xFFFF) {
                throw new IllegalArgumentException(
                        "ports are 0 to 65535 in ascending order, not " + first + "-" + last);
            }
        }

        @Override
        public String toString() {
            return first == last ? String.valueOf(first) : first + "-" + last;
        }
    }

    public Ports {
        if (ranges.isEmpty()) {
            throw new IllegalArgumentException("no ports");
        }
        ranges = merged(ranges);
    }

    private static List<Range> merged(List<Range> ranges) {
        List<Range> merged = new ArrayList<>();
        for (Range range :
                ranges.stream().sorted(Comparator.comparing(Range::first)).toList()) {
            int previous = merged.size() - 1;
            if (previous < 0 || merged.get(previous).last() + 1 < range.first()) {
                merged.add(range);
                continue;
            }
            Range before = merged.get(previous);
            merged.set(previous, new Range(before.first(), Math.max(before.last(), range.last())));
        }
        return List.copyOf(merged);
    }

    /** Whether it holds {@code port}. Allocates nothing. */
    public boolean contains(int port) {
        for (int i = 0; i < ranges.size(); i++) {
            Range range = ranges.get(i);
            if (port <= range.last()) {
                return port >= range.first();
            }
        }
        return false;
    }

    boolean isAll() {
        return equals(ALL);
    }

    /** The text that parses to the same ports. */
    @Override
    public String toString() {
        return ranges.stream().map(Range::toString).collect(Collectors.joining(","));
    }
}
