package dev.culvert.testkit.docs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShownTextTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    listening udp 203.0.113.5:3478 | listening udp 203.0.113.5:3478 | true
                    listening udp 203.0.113.5:3478 | listening udp 203.0.113.5:3479 | false
                    listening udp 203.0.113.5:3478 | listening udp 203.0.113.6:3478 | false
                    relayed 203.0.113.5:54004 | relayed 203.0.113.5:61000 | true
                    relayed 203.0.113.5:54004 | relayed 203.0.113.7:54004 | false
                    p50 4.9 ms, loss 0.0 % | p50 12 ms, loss 1.5 % | true
                    p50 4.9 ms | p50 none | false
                    username: 1795277302:alice | username: 1895277302:alice | true
                    username: 1795277302:alice | username: 1895277302:bob | false
                    at 2026-11-21T21:18:25Z | at 2030-01-02T03:04:05Z | true
                    password: ubXrxglSFP3ltnJORrc5vwg7w3M= | password: abXrxglSFP3ltnJORrc5vwg7w3M= | true
                    "id":"c8c42a835e882ece","ageSeconds":11 | "id":"d8c42a835e882ecf","ageSeconds":7 | true
                    100 of 100 came back | 99 of 100 came back | false
                    a … c | a long way to c | true
                    a … c | a long way | false
                    """)
    void whatDiffersFromRunToRunMatchesItsKindAndAllElseItselfOnly(String shown, String printed, boolean same) {
        assertThat(new ShownText(shown).matches(printed)).isEqualTo(same);
    }

    @Test
    void anEllipsisAloneStandsForAnyLines() {
        ShownText shown = new ShownText("first\n…\nlast");

        assertThat(shown.matches("first\nlast\n")).isTrue();
        assertThat(shown.matches("first\na\nb\nlast\n")).isTrue();
        assertThat(shown.matches("first\na\nb\n")).isFalse();
        assertThat(shown.matches("first\nlast\nmore\n")).isFalse();
    }

    @Test
    void columnsMayBeWiderThanShown() {
        assertThat(new ShownText("relay   2115.0 ms  all").matches("relay 15.0 ms  all"))
                .isTrue();
    }

    @Test
    void aServerThatIsReadyMayGoOn() {
        ShownText shown = new ShownText("listening\nready");

        assertThat(shown.beginsLike("listening\n")).isFalse();
        assertThat(shown.beginsLike("listening\nready\nmore\n")).isTrue();
    }
}
