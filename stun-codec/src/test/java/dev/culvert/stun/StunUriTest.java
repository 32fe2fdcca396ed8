package dev.culvert.stun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.testkit.Rfc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StunUriTest {
    @ParameterizedTest
    @CsvSource({
        "stun:example.org, STUN, example.org, 3478, UDP",
        "stuns:example.org, STUNS, example.org, 5349, TCP",
        "stun:example.org:8000, STUN, example.org, 8000, UDP",
        "turn:example.org, TURN, example.org, 3478, UDP",
        "turns:example.org, TURNS, example.org, 5349, TCP",
        "turn:example.org:8000, TURN, example.org, 8000, UDP",
        "turn:example.org?transport=udp, TURN, example.org, 3478, UDP",
        "turn:example.org?transport=tcp, TURN, example.org, 3478, TCP",
        "turns:example.org?transport=tcp, TURNS, example.org, 5349, TCP",
        "turns:example.org?transport=udp, TURNS, example.org, 5349, UDP",
        "turn:192.0.2.10:1?transport=tcp, TURN, 192.0.2.10, 1, TCP",
        "stun:[2001:db8::1], STUN, 2001:db8::1, 3478, UDP",
        "TURN:[2001:db8::1]:65535?TRANSPORT=TCP, TURN, 2001:db8::1, 65535, TCP"
    })
    @Rfc({"7064#3", "7065#3"})
    void partsAreReadAndDefaultsFilledIn(
            String text, StunUri.Scheme scheme, String host, int port, StunUri.Transport transport) {
        StunUri uri = StunUri.parse(text);

        assertThat(uri.scheme()).isEqualTo(scheme);
        assertThat(uri.host()).isEqualTo(host);
        assertThat(uri.port()).isEqualTo(port);
        assertThat(uri.transport()).isEqualTo(transport);
        assertThat(StunUri.parse(uri.toString())).isEqualTo(uri);
    }

    @ParameterizedTest
    @CsvSource({
        "turn:example.org, false, false",
        "turn:example.org:3478, true, false",
        "turn:example.org?transport=udp, false, true",
        "turns:[::1]:5349?transport=tcp, true, true",
        "stun:[2001:db8::1], false, false"
    })
    void whatIsNamedIsToldFromWhatIsFilledIn(String text, boolean isPortNamed, boolean isTransportNamed) {
        StunUri uri = StunUri.parse(text);

        assertThat(uri.isPortNamed()).isEqualTo(isPortNamed);
        assertThat(uri.isTransportNamed()).isEqualTo(isTransportNamed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stun:a.example",
                "stun:a.example:3478",
                "turns:[::1]:3478?transport=udp",
                "turn:192.0.2.1?transport=tcp"
            })
    void canonicalTextComesBackAsItWas(String text) {
        assertThat(StunUri.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "example.org | begin with stun:, stuns:, turn: or turns:",
                "http:example.org | begin with stun:, stuns:, turn: or turns:",
                "stun://example.org | write stun:HOST",
                "stun: | a host name or an IP address is needed",
                "stun::3478 | a host name or an IP address is needed",
                "stun:a:0 | a port is 1 to 65535",
                "stun:a:65536 | a port is 1 to 65535",
                "stun:a:x | a port is 1 to 65535",
                "stun:a: | a port is 1 to 65535",
                "stun:2001:db8::1 | write [ADDRESS]",
                "stun:[2001:db8::1 | write [ADDRESS]",
                "stun:[2001:db8::1]3478 | write [ADDRESS]",
                "stun:[192.0.2.1] | for example [2001:db8::1]",
                "stun:[fe80::1%eth0] | for example [2001:db8::1]",
                "stun:192.0.2.256 | no IPv4 address has this form",
                "stun:192.0.2 | no IPv4 address has this form",
                "stun:exa mple | no host name has these characters",
                "stun:user@example.org | no host name has these characters",
                "stun:example.org?transport=udp | leave ?transport=udp out",
                "turn:example.org?transport=sctp | write ?transport=udp or ?transport=tcp",
                "turn:example.org?proto=udp | write ?transport=udp or ?transport=tcp"
            })
    void refusalsSayWhatWasGivenAndWhatWouldBeRight(String text, String right) {
        assertThatThrownBy(() -> StunUri.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("'" + text + "' ")
                .hasMessageContaining(right);
    }

    @Test
    void hostIsAnAddressOrAName() {
        assertThat(StunUri.parse("stun:[::1]").ipAddress()).contains(IpAddress.v6(0, 1));
        assertThat(StunUri.parse("stun:example.org").ipAddress()).isEmpty();
    }

    @Test
    void stunUrisHaveTheTransportOfTheirScheme() {
        assertThatThrownBy(() -> new StunUri(StunUri.Scheme.STUN, "a", 1, StunUri.Transport.TCP))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void otherThanDefaultMustBeNamed() {
        assertThat(new StunUri(StunUri.Scheme.TURN, "a", 1, StunUri.Transport.TCP))
                .hasToString("turn:a:1?transport=tcp");
        assertThat(new StunUri(StunUri.Scheme.TURN, "a", 3478, StunUri.Transport.UDP))
                .hasToString("turn:a");
        assertThatThrownBy(() -> new StunUri(StunUri.Scheme.TURN, "a", 1, StunUri.Transport.UDP, false, false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new StunUri(StunUri.Scheme.TURN, "a", 1, StunUri.Transport.TCP, true, false))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void endlessHostsAreRefused() {
        assertThatThrownBy(() -> StunUri.parse("stun:" + "a".repeat(100_000)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
