package dev.culvert.stun.integrity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.testkit.Rfc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpaqueStringTest {
    /** The first four are the examples of RFC 8265 §4.3. */
    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "correct horse battery staple,correct horse battery staple",
                "Correct Horse Battery Staple,Correct Horse Battery Staple",
                "\u03C0\u00DF\u00E5,\u03C0\u00DF\u00E5",
                "Jack of \u2666s,Jack of \u2666s",
                "foo\u1680bar,foo bar",
                "foo\u00A0\u3000bar,foo  bar",
                "e\u0301,\u00E9",
                "\u212B,\u00C5",
                "\uFF21\u2168\uFB01,\uFF21\u2168\uFB01",
                "\u30DE\u30C8\u30EA\u30C3\u30AF\u30B9,\u30DE\u30C8\u30EA\u30C3\u30AF\u30B9"
            })
    @Rfc({"8265#4.2.2", "8265#4.3"})
    void textIsMappedAndNormalised(String text, String expected) {
        assertThat(OpaqueString.enforce(text)).contains(expected);
        assertThat(OpaqueString.require("password", text)).isEqualTo(expected);
        assertThat(OpaqueString.enforce(expected)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "my cat is a \u0009by",
                "a\u0000",
                "a\u007F",
                "a\u0085",
                "The\u00ADM",
                "a\u200Bb",
                "a\u2028b",
                "a\uE000",
                "a\uFDD0",
                "a\uD83F\uDFFE",
                "a\uD800",
                "\u1100",
                "\u0640",
                "\u115F",
                "a\uFEFF",
                "a\u0378"
            })
    @Rfc({"8265#4.2.1", "8264#8"})
    void whatIsNotFreeformIsRefused(String text) {
        assertThat(OpaqueString.enforce(text)).isEmpty();
        assertThatThrownBy(() -> OpaqueString.require("password", text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusalNamesThePositionAndNeverTheSecret() {
        assertThatThrownBy(() -> OpaqueString.require("password", "\uD83D\uDE00hush\u0007hush"))
                .hasMessageContaining("password")
                .hasMessageContaining("position 6")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hush"));
        assertThatThrownBy(() -> OpaqueString.require("password", "")).hasMessageContaining("empty");
    }

    @ParameterizedTest
    @CsvSource({
        "l\u00B7l, true",
        "a\u00B7l, false",
        "\u0375\u03B1, true",
        "\u0375a, false",
        "\u05D0\u05F3, true",
        "a\u05F3, false",
        "\u30AB\u30FB, true",
        "a\u30FBb, false",
        "\u0661\u0662, true",
        "\u0661\u06F2, false",
        "\u0915\u094D\u200D, true",
        "a\u200D, false",
        "\u0646\u200C\u0647, true",
        "a\u200Cb, false"
    })
    @Rfc("8264#8")
    void codePointsWithAContextAreAllowedInItOnly(String text, boolean allowed) {
        assertThat(OpaqueString.enforce(text).isPresent()).isEqualTo(allowed);
    }

    @Test
    @Rfc("8489#14.4")
    void userhashIsOfThePreparedTexts() {
        assertThat(Userhashes.of("a\u00A0b", "r")).isEqualTo(Userhashes.of("a b", "r"));
        assertThat(Userhashes.of("a", "b")).isNotEqualTo(Userhashes.of("b", "a"));
    }

    /** A client takes the realm from the network: whatever it is, there is a key. */
    @Test
    void realmFromTheNetworkNeverThrows() {
        assertThatCode(() -> IntegrityKey.longTerm("u", "\u0000\uD800", "p")).doesNotThrowAnyException();
        assertThatCode(() -> Userhashes.of("u", "")).doesNotThrowAnyException();
    }
}
