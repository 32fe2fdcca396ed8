package dev.culvert.relay.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.ice.vertx.TurnConnection;
import dev.culvert.relay.auth.ClaimedUser;
import dev.culvert.relay.auth.Credential;
import dev.culvert.relay.auth.CredentialStore;
import dev.culvert.relay.auth.InvalidUsersException;
import dev.culvert.relay.auth.LookupAnswer;
import dev.culvert.relay.auth.SecurityOffer;
import dev.culvert.relay.auth.StaticUsers;
import dev.culvert.relay.core.RelayCounter;
import dev.culvert.server.config.ServerConfig.Transport;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Users whom somebody else knows. */
class CredentialStoreTest {
    private static final LongTermCredential BOB = new LongTermCredential("bob", "builder");

    /** Knows Bob, on a thread of its own. */
    private static final class Bobs implements CredentialStore {
        private final AtomicInteger asked = new AtomicInteger();
        private final StaticUsers users;

        Bobs() {
            try {
                users = StaticUsers.ofOptions("example.org", List.of("bob:builder"));
            } catch (InvalidUsersException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public SecurityOffer offer() {
            return users.offer();
        }

        @Override
        public void find(ClaimedUser user, long deadlineNanos, Consumer<LookupAnswer> answer) {
            asked.incrementAndGet();
            List<Credential> found = users.find(user);
            LookupAnswer told = found.isEmpty() ? new LookupAnswer.Unknown() : new LookupAnswer.Found(found.get(0));
            new Thread(() -> answer.accept(told)).start();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"UDP", "TCP"})
    void userOfTheStoreRelaysAndIsAskedForOnce(Transport transport) {
        Bobs store = new Bobs();
        try (RunningRelay relay = RunningRelay.asking(store, "--threads", "1")) {
            TurnConnection first = relay.client(transport, BOB).await();
            TurnConnection second = relay.client(transport, BOB).await();

            assertThat(first.relayed()).isNotEqualTo(second.relayed());
            assertThat(store.asked).hasValue(1);
            assertThat(timed(relay, "relay_credential_lookup_seconds")).isEqualTo(1);
            assertThat(timed(relay, "relay_allocate_seconds")).isEqualTo(2);
        }
    }

    @Test
    void userInMemoryIsNotAskedFor() {
        Bobs store = new Bobs();
        try (RunningRelay relay = RunningRelay.asking(store)) {
            relay.alice(Transport.UDP);

            assertThat(store.asked).hasValue(0);
        }
    }

    @Test
    void userWhomNobodyKnowsIsRefused() {
        try (RunningRelay relay = RunningRelay.asking(new Bobs())) {
            assertThatThrownBy(() -> relay.client(Transport.UDP, new LongTermCredential("mallory", "x"))
                            .await())
                    .hasMessageContaining("401");
        }
    }

    @Test
    void storeThatThrowsIsAServerErrorAndNobodyElsesMatter() {
        CredentialStore broken = new CredentialStore() {
            @Override
            public SecurityOffer offer() {
                return SecurityOffer.ALL;
            }

            @Override
            public void find(ClaimedUser user, long deadlineNanos, Consumer<LookupAnswer> answer) {
                throw new IllegalStateException("no connection");
            }
        };
        try (RunningRelay relay = RunningRelay.asking(broken)) {
            Future<TurnConnection> bob = relay.client(Transport.UDP, BOB);

            // Nobody has a key for the 500, and a client takes none without integrity (RFC 8489 §9.2.5).
            awaitFailure(relay);
            assertThat(bob.isComplete()).isFalse();
            assertThat(relay.alice(Transport.UDP).relayed()).isNotNull();
        }
    }

    @Test
    void storeThatNeverAnswersIsAServerErrorAfterItsTime() {
        CredentialStore silent = new CredentialStore() {
            @Override
            public SecurityOffer offer() {
                return SecurityOffer.ALL;
            }

            @Override
            public void find(ClaimedUser user, long deadlineNanos, Consumer<LookupAnswer> answer) {}
        };
        try (RunningRelay relay = RunningRelay.asking(silent)) {
            Future<TurnConnection> bob = relay.client(Transport.TCP, BOB);

            awaitFailure(relay);
            assertThat(bob.succeeded()).isFalse();
        }
    }

    /** How many durations are in that histogram. */
    private static long timed(RunningRelay relay, String name) {
        return relay.relay().histograms().entrySet().stream()
                .filter(histogram -> histogram.getKey().name().equals(name))
                .mapToLong(histogram -> histogram.getValue().count())
                .sum();
    }

    private static void awaitFailure(RunningRelay relay) {
        await().untilAsserted(() -> assertThat(relay.relay().value(RelayCounter.AUTHENTICATION_FAILURES))
                .isPositive());
    }
}
