package dev.culvert.stun.fuzz;

import static org.assertj.core.api.Assertions.fail;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every fuzz target with random and mutated inputs from a seed; {@link JazzerRun} goes on for as long as one likes. */
class RandomBytesTest {
    private static final int INPUTS = 200_000;
    private static final int MAX_RANDOM_LENGTH = 100;

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(200_000);

    static List<FuzzTarget> targets() {
        return FuzzTarget.all();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void noInputBreaksTheParser(FuzzTarget target) {
        for (int i = 0; i < INPUTS; i++) {
            byte[] input = i % 4 == 0 ? randomInput() : mutated(target.seeds());
            try {
                target.input().accept(input);
            } catch (RuntimeException | AssertionError e) {
                fail("input %d: %s".formatted(i, HexFormat.of().formatHex(input)), e);
            }
        }
    }

    private byte[] randomInput() {
        byte[] input = new byte[random.nextInt(MAX_RANDOM_LENGTH)];
        random.nextBytes(input);
        return input;
    }

    private byte[] mutated(List<byte[]> seeds) {
        byte[] input = seeds.get(random.nextInt(seeds.size())).clone();
        int mutations = 1 + random.nextInt(4);
        for (int i = 0; i < mutations; i++) {
            input = mutatedOnce(input);
        }
        return input;
    }

    private byte[] mutatedOnce(byte[] input) {
        if (input.length == 0) {
            return randomInput();
        }
        int at = random.nextInt(input.length);
        switch (random.nextInt(6)) {
            case 0 -> input[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> input[at] = (byte) random.nextInt(256);
            case 2 -> input[at] = random.nextBoolean() ? (byte) 0 : (byte) 0xFF;
            case 3 -> {
                return Arrays.copyOf(input, at);
            }
            case 4 -> {
                return Arrays.copyOf(input, input.length + 1 + random.nextInt(8));
            }
            default -> {
                int from = random.nextInt(input.length);
                int count = Math.min(input.length - from, input.length - at);
                System.arraycopy(input, from, input, at, random.nextInt(count + 1));
            }
        }
        return input;
    }
}
