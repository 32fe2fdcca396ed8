package dev.culvert.relay.auth;

import static dev.culvert.relay.auth.ServerSide.FLOW;
import static dev.culvert.relay.auth.ServerSide.KEYS;
import static dev.culvert.relay.auth.ServerSide.flow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.stun.integrity.SecurityFeatures;
import dev.culvert.testkit.Rfc;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoncesTest {
    private static final long NOW = ServerSide.START_EPOCH_SECONDS;
    private static final Duration LIFETIME = Duration.ofMinutes(10);
    private static final SecurityOffer OFFER = new SecurityOffer(true, false, true);
    private static final NonceCheck FRESH = new NonceCheck.Ours(OFFER, true);
    private static final NonceCheck STALE = new NonceCheck.Ours(OFFER, false);
    private static final NonceCheck FOREIGN = new NonceCheck.Foreign();
    private static final String OLD_KEY = "01".repeat(32);
    private static final String NEW_KEY = "02".repeat(32);

    private final Nonces nonces = new Nonces(KEYS, LIFETIME);

    @Test
    void nonceIsKnownAgainUntilItsLifetimeIsOver() {
        String nonce = nonces.issue(FLOW, OFFER, NOW);

        assertThat(nonces.check(nonce, FLOW, NOW)).isEqualTo(FRESH);
        assertThat(nonces.check(nonce, FLOW, NOW + 599)).isEqualTo(FRESH);
        assertThat(nonces.check(nonce, FLOW, NOW + 600)).isEqualTo(STALE);
        assertThat(nonces.check(nonce, FLOW, Long.MAX_VALUE)).isEqualTo(STALE);
    }

    @Test
    void nonceFromAClockThatIsAheadIsTakenWithinAMinute() {
        String nonce = nonces.issue(FLOW, OFFER, NOW + 61);

        assertThat(nonces.check(nonce, FLOW, NOW + 1)).isEqualTo(FRESH);
        assertThat(nonces.check(nonce, FLOW, NOW)).isEqualTo(STALE);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, Integer.MAX_VALUE, 1L << 32, (1L << 55) - 1})
    void anyDateWillDo(long epochSeconds) {
        String nonce = nonces.issue(FLOW, OFFER, epochSeconds);

        assertThat(nonces.check(nonce, FLOW, epochSeconds)).isEqualTo(FRESH);
        assertThat(nonces.check(nonce, FLOW, epochSeconds + 600)).isEqualTo(STALE);
    }

    @Test
    @Rfc({"8489#9.2", "8489#9.2.1", "8489#14.10"})
    void nonceBeginsWithTheCookieAndNeedsNoQuoting() {
        for (int bits = 0; bits < 8; bits++) {
            SecurityOffer offer = new SecurityOffer((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0);

            String nonce = nonces.issue(FLOW, offer, NOW);

            assertThat(nonce)
                    .startsWith(offer.userhash() ? "obMatJos2AAAD" : "obMatJos2AAAB")
                    .matches("[A-Za-z0-9+/]{45}");
            assertThat(SecurityFeatures.ofNonce(nonce)).isEqualTo(new SecurityFeatures(true, offer.userhash()));
            assertThat(nonces.check(nonce, FLOW, NOW)).isEqualTo(new NonceCheck.Ours(offer, true));
        }
    }

    @Test
    @Rfc("8489#9.2.4 (2)")
    void nonceOfAnotherAddressPortOrTransportIsForeign() {
        List<FiveTuple> flows = List.of(
                FLOW,
                flow(Transport.UDP, "198.51.100.7:40001"),
                flow(Transport.UDP, "198.51.100.8:40000"),
                flow(Transport.TCP, "198.51.100.7:40000"),
                flow(Transport.TLS, "198.51.100.7:40000"),
                flow(Transport.UDP, "[2001:db8::c633:6407]:40000"),
                flow(Transport.UDP, "[::ffff:198.51.100.7]:40000"),
                flow(Transport.UDP, "[2001:db8:0:1::c633:6407]:40000"));
        Set<String> issued = new HashSet<>();
        for (FiveTuple flow : flows) {
            String nonce = nonces.issue(flow, OFFER, NOW);
            issued.add(nonce);
            for (FiveTuple other : flows) {
                assertThat(nonces.check(nonce, other, NOW)).isEqualTo(other.equals(flow) ? FRESH : FOREIGN);
            }
        }
        assertThat(issued).hasSameSizeAs(flows);
    }

    @Test
    @Rfc("8489#9.2.1")
    void everyFlippedBitMakesANonceForeign() {
        String nonce = nonces.issue(FLOW, OFFER, NOW);
        for (int i = 0; i < nonce.length(); i++) {
            for (int bit = 0; bit < 16; bit++) {
                String flipped = nonce.substring(0, i) + (char) (nonce.charAt(i) ^ 1 << bit) + nonce.substring(i + 1);

                assertThat(nonces.check(flipped, FLOW, NOW)).as(flipped).isEqualTo(FOREIGN);
            }
        }
    }

    @Test
    void whatIsNoNonceOfOursIsForeign() {
        String nonce = nonces.issue(FLOW, OFFER, NOW);
        Random random = new Random(2);
        StringBuilder noise = new StringBuilder();
        random.ints(32, 0, 0x10000).forEach(c -> noise.append((char) c));
        for (String other : List.of(
                "",
                "obMatJos2AAAD",
                nonce.substring(0, 44),
                nonce + "A",
                nonce.substring(0, 44) + "=",
                nonce.substring(0, 43) + "==",
                nonce.toLowerCase(Locale.ROOT),
                "obMatJos2AAAD" + "A".repeat(32),
                "obMatJos2AAAD" + noise,
                "x".repeat(700))) {
            assertThat(nonces.check(other, FLOW, NOW)).as(other).isEqualTo(FOREIGN);
        }
    }

    @Test
    void nonceOfThePreviousKeyIsGoodUntilThatKeyIsGone() {
        Nonces before = new Nonces(NonceKeys.ofFile(OLD_KEY), LIFETIME);
        Nonces rotated = new Nonces(NonceKeys.ofFile(NEW_KEY + "\n" + OLD_KEY), LIFETIME);
        Nonces after = new Nonces(NonceKeys.ofFile(NEW_KEY), LIFETIME);
        String old = before.issue(FLOW, OFFER, NOW);

        assertThat(rotated.check(old, FLOW, NOW)).isEqualTo(FRESH);
        assertThat(after.check(old, FLOW, NOW)).isEqualTo(FOREIGN);
        assertThat(after.check(rotated.issue(FLOW, OFFER, NOW), FLOW, NOW)).isEqualTo(FRESH);
        assertThat(before.check(rotated.issue(FLOW, OFFER, NOW), FLOW, NOW)).isEqualTo(FOREIGN);
    }

    @Test
    void serversOfAFleetTakeEachOthersNonces() {
        Nonces one = new Nonces(NonceKeys.ofFile("# fleet\n\n" + NEW_KEY + "\r\n" + OLD_KEY + "\n"), LIFETIME);
        Nonces other = new Nonces(NonceKeys.ofFile("  " + NEW_KEY.toUpperCase(Locale.ROOT)), LIFETIME);
        FiveTuple elsewhere = new FiveTuple(
                Transport.UDP, flow(Transport.UDP, "203.0.113.99:3478").remote(), FLOW.remote());

        assertThat(other.check(one.issue(FLOW, OFFER, NOW), elsewhere, NOW)).isEqualTo(FRESH);
    }

    @Test
    void keyFileThatIsNoneIsRefusedWithoutShowingIt() {
        for (String text : List.of(
                "",
                "# nothing\n",
                "abcd",
                OLD_KEY + "\nsecret",
                "g1".repeat(32),
                OLD_KEY + " " + NEW_KEY,
                "ab".repeat(31))) {
            assertThatThrownBy(() -> NonceKeys.ofFile(text))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("64 hexadecimal digits")
                    .hasMessageNotContaining("secret")
                    .hasMessageNotContaining("abab");
        }
        assertThatThrownBy(() -> NonceKeys.ofFile(OLD_KEY + "\n" + NEW_KEY + "\n" + OLD_KEY))
                .hasMessageContaining("line 3 is a third key");
    }

    @Test
    void randomKeysOfTwoServersDiffer() {
        Random random = new Random(3);
        Nonces one = new Nonces(NonceKeys.random(random), LIFETIME);
        Nonces other = new Nonces(NonceKeys.random(random), LIFETIME);

        assertThat(other.check(one.issue(FLOW, OFFER, NOW), FLOW, NOW)).isEqualTo(FOREIGN);
    }

    @Test
    void lifetimeOfLessThanASecondIsRefused() {
        assertThatThrownBy(() -> new Nonces(KEYS, Duration.ofMillis(999))).isInstanceOf(IllegalArgumentException.class);
        assertThat(new Nonces(KEYS, Duration.ofSeconds(1))).isNotNull();
    }
}
