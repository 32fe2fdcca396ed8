package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TurnArgumentTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "turn:a.example | | UDP turn:a.example?transport=udp, TCP turn:a.example?transport=tcp,"
                        + " TLS turns:a.example?transport=tcp",
                "a.example:80 | | UDP turn:a.example:80?transport=udp, TCP turn:a.example:80?transport=tcp,"
                        + " TLS turns:a.example?transport=tcp",
                "a.example:443 | TLS | TLS turns:a.example:443?transport=tcp",
                "a.example | TCP | TCP turn:a.example?transport=tcp",
                "2001:db8::1 | UDP | UDP turn:[2001:db8::1]?transport=udp",
                "turn:a.example?transport=tcp | | TCP turn:a.example?transport=tcp",
                "turn:a.example?transport=tcp | TCP | TCP turn:a.example?transport=tcp",
                "turns:a.example:443 | | TLS turns:a.example:443",
            })
    void waysAreThoseThatTheUriLeavesOpen(String text, Transport wanted, String expected) {
        TurnArgument argument = TurnArgument.parse(text, wanted);

        assertThat(argument.ways().stream().map(way -> way.transport() + " " + way.uri()))
                .containsExactly(expected.split(",\\s+"));
    }

    @ParameterizedTest
    @CsvSource({
        "stun:a.example, , is no TURN server",
        "turns:a.example?transport=udp, , DTLS is not spoken here",
        "turns:a.example, UDP, names another one",
        "turn:a.example?transport=tcp, TLS, names another one",
        "turn://a.example, , has // in it"
    })
    void whatCannotBeExaminedIsRefused(String text, Transport wanted, String expected) {
        assertThatThrownBy(() -> TurnArgument.parse(text, wanted))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(expected);
    }
}
