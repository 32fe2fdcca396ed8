package dev.culvert.relay.core;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.random.RandomGenerator;

/**
 * The relay ports of one address. Ports are taken and given back under the lock of the {@link Ledger}; whether one is
 * live may be asked by any thread.
 *
 * <p>Each port is a bit. 64 of them lie in a word with an even port first, so that a pair never lies across two words.
 */
final class PortPool {
    static final int NO_PORT = -1;

    private static final int WORDS = 0x1_0000 / Long.SIZE;
    private static final long EVEN = 0x5555_5555_5555_5555L;

    private final long[] free = new long[WORDS];
    private final AtomicLongArray live = new AtomicLongArray(WORDS);
    private int taken;

    /** What ports will do. */
    enum Choice {
        ANY,
        EVEN,
        /** An even port whose next higher neighbour is free too; both are taken. */
        PAIR
    }

    PortPool(int minPort, int maxPort) {
        for (int port = minPort; port <= maxPort; port++) {
            free[port / Long.SIZE] |= bit(port);
        }
    }

    /**
     * Takes one of the free ports that will do, each as likely as any other (RFC 6056 §3.3.1, without its bias).
     *
     * @return {@link #NO_PORT} where there is none
     */
    int take(Choice choice, RandomGenerator random) {
        int candidates = 0;
        for (long word : free) {
            candidates += Long.bitCount(candidates(word, choice));
        }
        if (candidates == 0) {
            return NO_PORT;
        }
        int port = candidate(random.nextInt(candidates), choice);
        take(port);
        if (choice == Choice.PAIR) {
            take(port + 1);
        }
        return port;
    }

    private static long candidates(long word, Choice choice) {
        return switch (choice) {
            case ANY -> word;
            case EVEN -> word & EVEN;
            case PAIR -> word & word >>> 1 & EVEN;
        };
    }

    private int candidate(int rank, Choice choice) {
        int left = rank;
        for (int i = 0; i < WORDS; i++) {
            long word = candidates(free[i], choice);
            int here = Long.bitCount(word);
            if (left < here) {
                return i * Long.SIZE + bitOfRank(word, left);
            }
            left -= here;
        }
        throw new IllegalStateException("fewer candidates than counted");
    }

    private static int bitOfRank(long word, int rank) {
        long rest = word;
        for (int i = 0; i < rank; i++) {
            rest &= rest - 1;
        }
        return Long.numberOfTrailingZeros(rest);
    }

    private void take(int port) {
        free[port / Long.SIZE] &= ~bit(port);
        taken++;
    }

    void giveBack(int port) {
        if ((free[port / Long.SIZE] & bit(port)) != 0) {
            throw new IllegalStateException("port " + port + " is free already");
        }
        free[port / Long.SIZE] |= bit(port);
        taken--;
    }

    int taken() {
        return taken;
    }

    void setLive(int port, boolean isLive) {
        int word = port / Long.SIZE;
        live.set(word, isLive ? live.get(word) | bit(port) : live.get(word) & ~bit(port));
    }

    boolean isLive(int port) {
        return (live.get(port / Long.SIZE) & bit(port)) != 0;
    }

    private static long bit(int port) {
        return 1L << port % Long.SIZE;
    }
}
