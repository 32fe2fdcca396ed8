package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.core.RelayUnderTest.Options;
import dev.culvert.server.core.SourceRateLimiter;
import dev.culvert.stun.attribute.Lifetime;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody uses up what a prefix gets without showing who they are; its clients show it. */
class PrefixShareTest {
    private final Options options = new Options();
    private final TestClient alice = TestClient.alice("198.51.100.7:40000");
    private final TestClient neighbour = TestClient.bob("198.51.100.8:40000");
    private final RelayUnderTest relay;

    PrefixShareTest() {
        options.limiter = SourceRateLimiter.of(1, 2, 7, options.clock.nowNanos());
        relay = new RelayUnderTest(options);
    }

    @BeforeEach
    void aliceHasANonceAndThePrefixNothingLeft() {
        relay.whenClientSends(alice, alice.encode(Ask.allocate()));
        alice.isChallenged(relay.thenRelayAnswers(alice));
        useUp();
    }

    private void useUp() {
        for (int i = 0; i < 10; i++) {
            relay.whenClientSends(neighbour, neighbour.encode(Ask.refresh()));
        }
        relay.out.sent.clear();
    }

    @Test
    void clientWithAFreshNonceAllocatesAllTheSame() {
        relay.whenClientSends(alice, alice.encode(Ask.allocate()));

        relay.thenRelayGrants(alice);
    }

    @Test
    void clientWithAnAllocationIsToldThatItsNonceIsStale() {
        relay.whenClientSends(alice, alice.encode(Ask.allocate(new Lifetime(3600 * 2))));
        relay.thenRelayGrants(alice);
        relay.pass(Duration.ofSeconds(3000));
        relay.whenClientSends(alice, alice.encode(Ask.refresh(3600)));
        relay.thenRelayGrants(alice);
        relay.pass(Duration.ofSeconds(700));
        useUp();

        relay.whenClientSends(alice, Ask.refresh(3600));

        relay.thenRelayGrants(alice);
    }

    @Test
    void clientWithoutAnAllocationWaitsForItsShare() {
        relay.whenClientSends(neighbour, neighbour.encode(Ask.allocate()));
        relay.thenRelayIsSilent();
        relay.pass(Duration.ofSeconds(1));

        relay.whenClientSends(neighbour, neighbour.encode(Ask.allocate()));

        assertThat(neighbour.isChallenged(relay.thenRelayAnswers(neighbour))).isTrue();
    }

    @Test
    void wrongPasswordIsNotAnswered() {
        TestClient guesser = TestClient.over(alice.flow.transport(), "198.51.100.7:40000", "alice", "guess");
        relay.pass(Duration.ofSeconds(1));
        relay.whenClientSends(guesser, guesser.encode(Ask.allocate()));
        guesser.isChallenged(relay.thenRelayAnswers(guesser));

        relay.whenClientSends(guesser, guesser.encode(Ask.allocate()));

        relay.thenRelayIsSilent();
        assertThat(relay.server.counters().value(RelayCounter.AUTHENTICATION_FAILURES))
                .isZero();
    }
}
