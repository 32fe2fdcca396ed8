package dev.culvert.ice.resolution;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/** The order in which a client tries the servers that SRV records name (RFC 2782). */
final class ServiceOrder {
    private ServiceOrder() {}

    /** The records by priority, and among equals by a lottery in which the weights are the shares. */
    static List<ServiceRecord> of(List<ServiceRecord> records, RandomGenerator random) {
        List<ServiceRecord> left = new ArrayList<>(records);
        // RFC 2782: the lowest priority first; those of weight 0 stand in front of the others of their priority.
        left.sort(Comparator.comparingInt(ServiceRecord::priority).thenComparing(one -> one.weight() > 0));
        List<ServiceRecord> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            int priority = left.get(0).priority();
            List<ServiceRecord> equals =
                    left.stream().filter(one -> one.priority() == priority).toList();
            ServiceRecord drawn = draw(equals, random);
            ordered.add(drawn);
            left.remove(drawn);
        }
        return ordered;
    }

    private static ServiceRecord draw(List<ServiceRecord> equals, RandomGenerator random) {
        int sum = equals.stream().mapToInt(ServiceRecord::weight).sum();
        // RFC 2782: a number between 0 and the sum, both included, takes the first whose running sum is as large.
        int number = random.nextInt(sum + 1);
        int running = 0;
        for (ServiceRecord one : equals) {
            running += one.weight();
            if (running >= number) {
                return one;
            }
        }
        return equals.get(equals.size() - 1);
    }
}
