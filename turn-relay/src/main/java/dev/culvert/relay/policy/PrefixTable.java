package dev.culvert.relay.policy;

import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Values by prefix, found by the longest prefix that holds an address. Immutable; looking up allocates nothing.
 *
 * <p>Two prefixes either nest or have no address in common. Sorted by first address and then by length, the last prefix
 * that begins at or before an address is therefore the longest match or lies inside of it: a binary search finds the
 * one, links to the next wider prefix lead to the other.
 */
final class PrefixTable<T> {
    /** No prefix. */
    static final int NONE = -1;

    private static final Comparator<IpPrefix> ORDER =
            Comparator.comparing(IpPrefix::address).thenComparing(IpPrefix::lengthBits);

    private final long[] highs;
    private final long[] lows;
    private final int[] lengths;
    private final int[] wider;
    private final List<T> values;
    private final int ipv4Count;

    PrefixTable(Map<IpPrefix, T> entries) {
        List<IpPrefix> prefixes = entries.keySet().stream().sorted(ORDER).toList();
        int size = prefixes.size();
        highs = new long[size];
        lows = new long[size];
        lengths = new int[size];
        wider = new int[size];
        ipv4Count = (int) prefixes.stream().filter(IpPrefix::isIpv4).count();
        values = prefixes.stream().map(entries::get).toList();
        for (int i = 0; i < size; i++) {
            IpAddress address = prefixes.get(i).address();
            highs[i] = address.high();
            lows[i] = address.low();
            lengths[i] = prefixes.get(i).lengthBits();
            boolean isFirst = i == 0 || i == ipv4Count;
            wider[i] = isFirst ? NONE : holder(i - 1, address.family(), address.high(), address.low());
        }
    }

    /** The index of the longest prefix that holds the address, or {@link #NONE}. */
    int find(AddressFamily family, long high, long low) {
        boolean ipv4 = family == AddressFamily.IPV4;
        int from = ipv4 ? 0 : ipv4Count;
        int to = ipv4 ? ipv4Count : lengths.length;
        int first = from;
        while (from < to) {
            int middle = from + to >>> 1;
            boolean beginsAfter = highs[middle] == high
                    ? Long.compareUnsigned(lows[middle], low) > 0
                    : Long.compareUnsigned(highs[middle], high) > 0;
            if (beginsAfter) {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        return from == first ? NONE : holder(from - 1, family, high, low);
    }

    /** The first of a prefix and the wider ones around it that holds the address, or {@link #NONE}. */
    private int holder(int index, AddressFamily family, long high, long low) {
        int offsetBits = family == AddressFamily.IPV4 ? 96 : 0;
        int candidate = index;
        while (candidate != NONE) {
            int length = lengths[candidate] + offsetBits;
            long difference = (high ^ highs[candidate]) & IpPrefix.highBits(length)
                    | (low ^ lows[candidate]) & IpPrefix.highBits(length - 64);
            if (difference == 0) {
                return candidate;
            }
            candidate = wider[candidate];
        }
        return NONE;
    }

    /** The index of the next wider prefix around this one, or {@link #NONE}. */
    int wider(int index) {
        return wider[index];
    }

    T value(int index) {
        return values.get(index);
    }
}
