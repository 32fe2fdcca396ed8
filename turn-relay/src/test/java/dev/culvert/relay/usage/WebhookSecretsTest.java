package dev.culvert.relay.usage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSecretsTest {
    private static final byte[] BODY = "{\"event_type\":\"ping\",\"data\":{\"success\":true}}".getBytes(UTF_8);

    /** The example of Standard Webhooks' own libraries. */
    @Test
    void signsAsStandardWebhooksDo() {
        WebhookSecrets secrets = WebhookSecrets.parse("whsec_plJ3nmyCDGBKInavdOK15jsl\n");

        assertThat(secrets.signature("msg_loFOjxBNrRLzqYUf", 1731705121, BODY))
                .isEqualTo("v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=");
    }

    @Test
    void whileOneSecretReplacesAnotherBothSign() {
        String both = WebhookSecrets.parse("the old secret of 20\n\nwhsec_plJ3nmyCDGBKInavdOK15jsl")
                .signature("id", 1, BODY);

        assertThat(both.split(" "))
                .containsExactly(
                        WebhookSecrets.parse("the old secret of 20").signature("id", 1, BODY),
                        WebhookSecrets.parse("whsec_plJ3nmyCDGBKInavdOK15jsl").signature("id", 1, BODY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n \n", "hunter2", "whsec_%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%", "1\n2\n3"})
    void whatIsNoSecretIsRefusedAndNotShown(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WebhookSecrets.parse(text))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2", "%%"));
    }
}
