package dev.culvert.ice.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeLimitedCredentialTest {
    private static final Instant EXPIRY = Instant.ofEpochSecond(1_800_000_000);

    @ParameterizedTest
    @ValueSource(strings = {"1800000000", "1800000000:alice", "1800000000:", "1800000000:a:b"})
    void expiryIsRead(String username) {
        assertThat(TimeLimitedCredential.in(username)).contains(new TimeLimitedCredential(EXPIRY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "180000000:alice", "18000000000:alice", "alice:1800000000", "1800000000alice", ""})
    void otherNamesAreNone(String username) {
        assertThat(TimeLimitedCredential.in(username)).isEmpty();
    }

    @Test
    void expiredCredentialIsToldWithItsAge() {
        TimeLimitedCredential credential = new TimeLimitedCredential(EXPIRY);

        assertThat(credential.whyRefused(EXPIRY.plusSeconds(7200)))
                .startsWith("the credential expired 120 min ago (2027-01-15T08:00:00Z");
        assertThat(credential.whyRefused(EXPIRY.plusSeconds(90))).contains("90 s ago");
        assertThat(credential.whyRefused(EXPIRY.plusSeconds(40 * 3600))).contains("40 h ago");
        assertThat(credential.whyRefused(EXPIRY.plusSeconds(10 * 86_400))).contains("10 days ago");
    }

    @Test
    void credentialThatIsGoodHereMeansAnotherSecretOrClock() {
        assertThat(new TimeLimitedCredential(EXPIRY).whyRefused(EXPIRY.minusSeconds(600)))
                .contains("good for another 10 min")
                .contains("the shared secret differs")
                .contains("clock is ahead");
    }

    @Test
    void serverThatTakesAnExpiredOneIsTold() {
        TimeLimitedCredential credential = new TimeLimitedCredential(EXPIRY);

        assertThat(credential.warning(EXPIRY.minusSeconds(1))).isEmpty();
        assertThat(credential.warning(EXPIRY.plusSeconds(60)))
                .hasValueSatisfying(text -> assertThat(text).contains("one of the two clocks is wrong"));
    }
}
