package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NumberTableTest {
    @Test
    void agreesWithAHashMapWhateverIsPutAndRemoved() {
        long seed = new Random().nextLong();
        System.out.println("NumberTableTest: seed " + seed);
        Random random = new Random(seed);
        NumberTable<Integer> table = new NumberTable<>(random.nextLong());
        Map<List<Long>, Integer> model = new HashMap<>();

        for (int i = 0; i < 200_000; i++) {
            // Few keys, so that they are put, found and removed again and again, and zeros among them.
            long a = random.nextInt(3);
            long b = random.nextInt(40) - 20L;
            long c = random.nextInt(5);
            List<Long> key = List.of(a, b, c);
            // Now more come than go, now more go than come, so that it grows and shrinks.
            boolean isFilling = i / 10_000 % 2 == 0;
            switch (random.nextInt(9) < 8 ? isFilling ? 0 : 1 : random.nextInt(3)) {
                case 0 -> {
                    table.put(a, b, c, i);
                    model.put(key, i);
                }
                case 1 -> {
                    table.remove(a, b, c);
                    model.remove(key);
                }
                default -> assertThat(table.get(a, b, c)).isEqualTo(model.get(key));
            }
            assertThat(table.size()).isEqualTo(model.size());
        }
        assertThat(table.values()).containsExactlyInAnyOrderElementsOf(model.values());
        model.forEach((key, value) ->
                assertThat(table.get(key.get(0), key.get(1), key.get(2))).isEqualTo(value));
    }
}
