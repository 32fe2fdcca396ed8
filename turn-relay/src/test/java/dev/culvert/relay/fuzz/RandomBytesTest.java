package dev.culvert.relay.fuzz;

import static org.assertj.core.api.Assertions.fail;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every fuzz target with seeds that are changed a little; {@link JazzerRun} goes on for as long as one likes. */
class RandomBytesTest {
    private static final int INPUTS = 2000;

    private final Random random = new Random(INPUTS);

    static List<FuzzTarget> targets() {
        return FuzzTarget.all();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void noInputBreaksTheTarget(FuzzTarget target) {
        for (int i = 0; i < INPUTS; i++) {
            byte[] seed = target.seeds().get(random.nextInt(target.seeds().size()));
            byte[] input = Arrays.copyOf(seed, seed.length + random.nextInt(100));
            for (int change = random.nextInt(8); change >= 0; change--) {
                input[random.nextInt(input.length)] = (byte) random.nextInt(256);
            }
            try {
                target.input().accept(input);
            } catch (RuntimeException | AssertionError e) {
                fail("input %d: %s".formatted(i, HexFormat.of().formatHex(input)), e);
            }
        }
    }
}
