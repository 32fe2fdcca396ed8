package dev.culvert.stun.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.Rfc;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecurityFeaturesTest {
    @ParameterizedTest
    @CsvSource({
        "false, false, obMatJos2AAAA",
        "true, false, obMatJos2AAAB",
        "false, true, obMatJos2AAAC",
        "true, true, obMatJos2AAAD"
    })
    @Rfc({"8489#9.2", "8489#B.1"})
    void cookieIsWrittenAsTheVectorImplies(boolean algorithms, boolean anonymity, String cookie) {
        SecurityFeatures features = new SecurityFeatures(algorithms, anonymity);

        assertThat(features.nonceCookie()).isEqualTo(cookie);
        assertThat(SecurityFeatures.ofNonce(cookie + "1234")).isEqualTo(features);
    }

    @ParameterizedTest
    @CsvSource({
        "obMatJos2gAAAadl7W7PeDU4hKE72jda, true, false",
        "obMatJos2QAAA, false, true",
        "obMatJos2wAAAx, true, true"
    })
    @Rfc({"8489#18.1", "8656#20"})
    void cookieOfTheLiteralTextIsUnderstood(String nonce, boolean algorithms, boolean anonymity) {
        assertThat(SecurityFeatures.ofNonce(nonce)).isEqualTo(new SecurityFeatures(algorithms, anonymity));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "f//499k954d6OL34oL9FSTvy64sA", "obMatJos2", "obMatJos2AA", "obMatJos2!!!!", "OBMATJOS2AAAD"
            })
    @Rfc("8489#9.2")
    void nonceWithoutCookieAnnouncesNothing(String nonce) {
        assertThat(SecurityFeatures.ofNonce(nonce)).isEqualTo(SecurityFeatures.NONE);
    }
}
