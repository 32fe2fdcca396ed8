package dev.culvert.relay.admin;

import dev.culvert.relay.core.AllocationView;
import dev.culvert.relay.core.AllocationView.Traffic;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a user has at this moment.
 *
 * @param units allocations and reservations, which the quota counts alike
 * @param traffic of the running allocations
 */
record UserTotals(String user, int units, Traffic traffic) {
    private static final Traffic NONE = new Traffic(0, 0, 0, 0);

    /** All who have an allocation or a reservation, by name. */
    static List<UserTotals> of(Map<String, Integer> units, List<AllocationView> allocations) {
        Map<String, Traffic> traffic = traffic(allocations);
        return units.entrySet().stream()
                .map(user -> new UserTotals(user.getKey(), user.getValue(), traffic.getOrDefault(user.getKey(), NONE)))
                .sorted(Comparator.comparing(UserTotals::user))
                .toList();
    }

    /** The {@code count} whose running allocations relayed the most. */
    static List<UserTotals> top(int count, List<AllocationView> allocations) {
        Map<String, Integer> units = new HashMap<>();
        allocations.forEach(allocation -> units.merge(allocation.userId(), 1, Integer::sum));
        return of(units, allocations).stream()
                .sorted(Comparator.comparing(UserTotals::bytes).reversed().thenComparing(UserTotals::user))
                .limit(count)
                .toList();
    }

    private static Map<String, Traffic> traffic(List<AllocationView> allocations) {
        Map<String, Traffic> traffic = new HashMap<>();
        allocations.forEach(
                allocation -> traffic.merge(allocation.userId(), allocation.traffic(), AllocationJson::sum));
        return traffic;
    }

    long bytes() {
        return traffic.bytesToPeers() + traffic.bytesToClient();
    }
}
