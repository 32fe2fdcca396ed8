package dev.culvert.server.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.server.config.ServerConfig.Listener;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenerNameTest {
    private static final List<Listener> CONFIGURED = List.of(
            new Listener(Transport.UDP, Optional.empty(), 3478),
            new Listener(Transport.UDP, IpAddress.parse("203.0.113.5"), 3478),
            new Listener(Transport.TLS, IpAddress.parse("2001:db8::5"), 5349),
            new Listener(Transport.TCP, IpAddress.parse("203.0.113.5"), 0));

    @ParameterizedTest
    @CsvSource({
        "UDP, 203.0.113.5:3478,    udp:203.0.113.5:3478",
        "UDP, 203.0.113.6:3478,    udp:*:3478",
        "UDP, [2001:db8::77]:3478, udp:*:3478",
        "TLS, [2001:db8::5]:5349,  tls:[2001:db8::5]:5349",
        "TCP, 203.0.113.5:40123,   tcp:203.0.113.5:0",
        "UDP, 203.0.113.6:3479,    alternate",
    })
    void whateverAddressesTheHostGetsThereAreNoMoreNamesThanListeners(Transport transport, String local, String name) {
        TransportAddress address = TransportAddress.parse(local).orElseThrow();

        assertThat(ListenerName.of(CONFIGURED, transport, address)).isEqualTo(new ListenerName(transport, name));
    }
}
