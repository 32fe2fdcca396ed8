package dev.culvert.relay.core;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A hash table whose keys are three numbers: looking up allocates nothing. Mutable, owned by one thread.
 *
 * <p>Open addressing with linear probing; what is removed leaves no mark, those behind it move up. Empty tables have no
 * arrays.
 *
 * @param <V> what is kept
 */
final class NumberTable<V> {
    private static final int KEY_LENGTH = 3;
    private static final int FIRST_CAPACITY = 4;

    /** Unknown outside, so that nobody can choose addresses that meet. */
    private final long seed;

    private long[] keys = new long[0];
    private @Nullable Object[] values = new Object[0];
    private int size;

    NumberTable(long seed) {
        this.seed = seed;
    }

    int size() {
        return size;
    }

    @Nullable
    V get(long a, long b, long c) {
        if (size == 0) {
            return null;
        }
        return value(find(a, b, c));
    }

    /** Keeps {@code value} under the key, in place of what was there. */
    void put(long a, long b, long c, V value) {
        // At most half full, so that there always is an empty slot to stop at.
        if (2 * (size + 1) > values.length) {
            resize(Math.max(FIRST_CAPACITY, 2 * values.length));
        }
        int slot = find(a, b, c);
        if (values[slot] == null) {
            size++;
        }
        set(slot, a, b, c, value);
    }

    void remove(long a, long b, long c) {
        if (size == 0) {
            return;
        }
        int hole = find(a, b, c);
        if (values[hole] == null) {
            return;
        }
        size--;
        closeUp(hole);
        // Memory that a crowd took is given back when it has gone; far enough from growing not to go to and fro.
        if (values.length > FIRST_CAPACITY && 8 * size <= values.length) {
            resize(values.length / 2);
        }
    }

    /** A copy of all that is kept, in no particular order. */
    List<V> values() {
        List<V> all = new ArrayList<>(size);
        for (int slot = 0; slot < values.length; slot++) {
            V value = value(slot);
            if (value != null) {
                all.add(value);
            }
        }
        return all;
    }

    @SuppressWarnings("unchecked") // only put writes values
    private @Nullable V value(int slot) {
        return (V) values[slot];
    }

    /** The slot of the key, or the empty one where it would go. */
    private int find(long a, long b, long c) {
        int slot = home(a, b, c);
        while (values[slot] != null && !isAt(slot, a, b, c)) {
            slot = next(slot);
        }
        return slot;
    }

    private boolean isAt(int slot, long a, long b, long c) {
        int at = slot * KEY_LENGTH;
        return keys[at] == a && keys[at + 1] == b && keys[at + 2] == c;
    }

    private int home(long a, long b, long c) {
        return (int) mix(mix(mix(a ^ seed) + b) + c) & values.length - 1;
    }

    /** A bijection in which every bit of the argument changes half of the bits (the finaliser of MurmurHash3). */
    private static long mix(long bits) {
        long mixed = (bits ^ bits >>> 33) * 0xFF51AFD7ED558CCDL;
        mixed = (mixed ^ mixed >>> 33) * 0xC4CEB9FE1A85EC53L;
        return mixed ^ mixed >>> 33;
    }

    private int next(int slot) {
        return slot + 1 & values.length - 1;
    }

    /** Moves up those behind {@code hole} that could not be found any more if it stayed. */
    private void closeUp(int hole) {
        int empty = hole;
        for (int slot = next(empty); values[slot] != null; slot = next(slot)) {
            int at = slot * KEY_LENGTH;
            int fromHome = slot - home(keys[at], keys[at + 1], keys[at + 2]) & values.length - 1;
            int fromEmpty = slot - empty & values.length - 1;
            if (fromHome >= fromEmpty) {
                set(empty, keys[at], keys[at + 1], keys[at + 2], values[slot]);
                empty = slot;
            }
        }
        set(empty, 0, 0, 0, null);
    }

    private void resize(int capacity) {
        long[] oldKeys = keys;
        @Nullable Object[] oldValues = values;
        keys = new long[capacity * KEY_LENGTH];
        values = new Object[capacity];
        for (int slot = 0; slot < oldValues.length; slot++) {
            if (oldValues[slot] != null) {
                int at = slot * KEY_LENGTH;
                set(
                        find(oldKeys[at], oldKeys[at + 1], oldKeys[at + 2]),
                        oldKeys[at],
                        oldKeys[at + 1],
                        oldKeys[at + 2],
                        oldValues[slot]);
            }
        }
    }

    private void set(int slot, long a, long b, long c, @Nullable Object value) {
        int at = slot * KEY_LENGTH;
        keys[at] = a;
        keys[at + 1] = b;
        keys[at + 2] = c;
        values[slot] = value;
    }
}
