package dev.culvert.ice;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignTextTest {
    /** Escape, its one-character form among the C1 controls, an override of direction, a separator of lines. */
    @ParameterizedTest
    @ValueSource(ints = {0x1B, 0x0A, 0x7F, 0x9B, 0x85, 0x202E, 0x2066, 0xFEFF, 0x2028, 0x2029})
    void whatATerminalObeysIsTakenOut(int codePoint) {
        String text = "Acme" + Character.toString(codePoint) + "[2J";

        assertThat(ForeignText.line(text)).isEqualTo("Acme [2J");
        assertThat(ForeignText.masked(text)).isEqualTo("Acme?[2J");
        assertThat(ForeignText.isPrintable(codePoint)).isFalse();
    }

    @Test
    void whatPeopleWriteStays() {
        String text = "Überlauf – 満杯 😀";

        assertThat(ForeignText.line(text)).isEqualTo(text);
        assertThat(ForeignText.masked(text)).isEqualTo(text);
        assertThat(text.codePoints().allMatch(ForeignText::isPrintable)).isTrue();
    }

    @Test
    void lineHasNoSpaceAtItsEndsAndIsCut() {
        assertThat(ForeignText.line("\r\n busy \r\n\tnow\u0000")).isEqualTo("busy  now");
        assertThat(ForeignText.line("a\nlong story", 6)).isEqualTo("a long");
    }
}
