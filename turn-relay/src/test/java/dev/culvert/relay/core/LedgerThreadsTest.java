package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.core.PortPool.Choice;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Many event loops on one ledger. */
class LedgerThreadsTest {
    private static final RelayAddress ADDRESS = RelayAddress.of(RelayUnderTest.RELAY_V4);
    private static final int LOOPS = 4;
    private static final int ROUNDS = 5000;

    private final Ledger ledger = new Ledger(50_000, 50_063, 40, 30);
    private final Set<Integer> owned = ConcurrentHashMap.newKeySet();

    @Test
    void noPortIsGivenTwiceAndAllAddsUpToNothing() throws Exception {
        ExecutorService loops = Executors.newFixedThreadPool(LOOPS);
        try {
            List<Callable<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < LOOPS; i++) {
                int loop = i;
                tasks.add(() -> takeAndGiveBack(new Random(loop), loop % 2 == 0 ? "alice" : "bob"));
            }
            int taken = 0;
            for (Future<Integer> result : loops.invokeAll(tasks)) {
                taken += result.get();
            }
            assertThat(taken).isPositive();
        } finally {
            loops.shutdown();
        }
        assertThat(ledger.totals()).isEqualTo(Ledger.Totals.ZERO);
        assertThat(owned).isEmpty();
    }

    private int takeAndGiveBack(Random random, String userId) {
        List<Integer> mine = new ArrayList<>();
        int taken = 0;
        for (int i = 0; i < ROUNDS; i++) {
            if (random.nextInt(3) > 0 && ledger.admit(userId) == Ledger.ADMITTED) {
                // There are more ports than units.
                int port = ledger.takePort(ADDRESS, Choice.ANY, random);
                assertThat(owned.add(port)).as("given once").isTrue();
                ledger.setLive(ADDRESS, port, true);
                mine.add(port);
                taken++;
            } else if (!mine.isEmpty()) {
                giveBack(mine.remove(mine.size() - 1), userId);
            }
        }
        mine.forEach(port -> giveBack(port, userId));
        return taken;
    }

    private void giveBack(int port, String userId) {
        assertThat(ledger.isLive(ADDRESS.local(), port)).isTrue();
        ledger.setLive(ADDRESS, port, false);
        owned.remove(port);
        ledger.giveBack(ADDRESS, port);
        ledger.leave(userId);
    }
}
