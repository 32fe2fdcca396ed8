package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerArgumentTest {
    @ParameterizedTest
    @CsvSource({
        "stun.example.org, stun.example.org, 3478, 5349, false",
        "stun.example.org:19302, stun.example.org, 19302, 5349, true",
        "stun:stun.example.org, stun.example.org, 3478, 5349, false",
        "STUN:stun.example.org:3479, stun.example.org, 3479, 5349, true",
        "stuns:stun.example.org, stun.example.org, 3478, 5349, false",
        "stuns:stun.example.org:443, stun.example.org, 3478, 443, true",
        "192.0.2.1, 192.0.2.1, 3478, 5349, false",
        "192.0.2.1:3478, 192.0.2.1, 3478, 5349, true",
        "2001:db8::1, 2001:db8::1, 3478, 5349, false",
        "[2001:db8::1], 2001:db8::1, 3478, 5349, false",
        "[2001:db8::1]:9, 2001:db8::1, 9, 5349, true",
    })
    void serversAreReadInAllTheirForms(String text, String host, int port, int tlsPort, boolean portGiven) {
        ServerArgument server = ServerArgument.parse(text);

        assertThat(server.host()).isEqualTo(host);
        assertThat(server.port()).isEqualTo(port);
        assertThat(server.tlsPort()).isEqualTo(tlsPort);
        assertThat(server.portGiven()).isEqualTo(portGiven);
    }

    @Test
    void tlsAloneIsAskedAtThePortThatWasNamed() {
        assertThat(ServerArgument.parse("host").onlyTlsPort()).isEqualTo(5349);
        assertThat(ServerArgument.parse("host:444").onlyTlsPort()).isEqualTo(444);
        assertThat(ServerArgument.parse("stuns:host:445").onlyTlsPort()).isEqualTo(445);
    }

    @Test
    void builtInListIsReadable() {
        List<ServerArgument> servers = ServerList.parse(ServerList.builtInText(), "built-in");

        assertThat(servers).hasSizeGreaterThanOrEqualTo(4);
        assertThat(servers).extracting(ServerArgument::host).doesNotHaveDuplicates();
    }

    @Test
    void listWithoutServersIsRefused() {
        assertThatThrownBy(() -> ServerList.parse("# none\n", "mine"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("mine");
    }
}
