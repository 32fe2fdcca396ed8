package dev.culvert.stun.fuzz;

import dev.culvert.testkit.Jazzer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every fuzz target under Jazzer, each for {@code fuzz.seconds}. Not part of the ordinary test run:
 *
 * <pre>{@code mvn -pl stun-codec -am -Pfuzz verify -Dfuzz.seconds=60}</pre>
 *
 * <p>What breaks a parser is left in {@code target/fuzz}, beside the corpus that was found.
 */
class JazzerRun {
    static List<FuzzTarget> targets() {
        return FuzzTarget.all();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void jazzerFindsNothing(FuzzTarget target) throws IOException, InterruptedException {
        Jazzer.run(target.type(), target.seeds(), "dev.culvert.stun.**");
    }
}
