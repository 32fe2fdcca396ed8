package dev.culvert.server.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.server.config.ServerConfig;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.config.ServerConfigs;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.XorMappedAddress;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A wildcard listener while the host's addresses come and go. */
class AddressChangesTest {
    private final Vertx vertx =
            Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(2));

    private volatile List<IpAddress> host = List.of();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private StunServer start(ServerConfigs config) {
        ServerConfig built = config.threads(2).build();
        return StunServer.start(vertx, built, () -> host, Optional.empty()).await();
    }

    private void hostHas(String... addresses) {
        host = Stream.of(addresses)
                .map(text -> IpAddress.parse(text).orElseThrow())
                .toList();
    }

    private static Set<String> addresses(StunServer server) {
        return server.listening().stream()
                .map(where -> where.transport() + " " + where.address().ip())
                .collect(Collectors.toSet());
    }

    @Test
    void newAddressIsListenedOnAndOneThatWentIsClosed() throws Exception {
        hostHas("127.0.0.1");
        StunServer server = start(
                new ServerConfigs().andListeningEverywhere(Transport.UDP, 0).andListeningEverywhere(Transport.TCP, 0));
        assertThat(addresses(server)).containsExactlyInAnyOrder("UDP 127.0.0.1", "TCP 127.0.0.1");

        hostHas("127.0.0.1", "127.0.0.3");
        server.rescan();
        await().untilAsserted(() ->
                assertThat(addresses(server)).contains("UDP 127.0.0.3", "TCP 127.0.0.3", "UDP 127.0.0.1"));
        TransportAddress added = server.listening().stream()
                .filter(where -> where.transport() == Transport.UDP)
                .map(Listening::address)
                .filter(address -> address.ip().toString().equals("127.0.0.3"))
                .findFirst()
                .orElseThrow();
        try (UdpClient client = new UdpClient("127.0.0.1")) {
            client.send(StunBytes.bindingRequest(), added);
            assertThat(client.receive().message().has(XorMappedAddress.TYPE)).isTrue();
        }

        hostHas("127.0.0.3");
        server.rescan();
        assertThat(addresses(server)).containsExactlyInAnyOrder("UDP 127.0.0.3", "TCP 127.0.0.3");
        server.close().await();
    }

    @Test
    void hostWithoutANetworkIsServedAsSoonAsItHasOne() {
        AtomicBoolean isUp = new AtomicBoolean();
        ServerConfig config = new ServerConfigs()
                .andListeningEverywhere(Transport.UDP, 34_780)
                .build();
        StunServer.AddressSource addresses = () -> {
            if (!isUp.get()) {
                throw new SocketException("No network interfaces configured");
            }
            return List.of(IpAddress.parse("127.0.0.9").orElseThrow());
        };
        StunServer server =
                StunServer.start(vertx, config, addresses, Optional.empty()).await();
        assertThat(server.listening()).isEmpty();
        assertThat(server.isReady()).isFalse();

        isUp.set(true);
        server.rescan();

        await().untilAsserted(() -> assertThat(addresses(server)).containsExactly("UDP 127.0.0.9"));
        assertThat(server.isReady()).isTrue();
        isUp.set(false);
        server.rescan();
        assertThat(addresses(server)).containsExactly("UDP 127.0.0.9");
        server.close().await();
    }

    @Test
    void addressThatCannotBeBoundIsTriedAgainAndHarmsNoOther() throws Exception {
        hostHas("127.0.0.1");
        StunServer server = start(new ServerConfigs().andListeningEverywhere(Transport.UDP, 0));

        // Documentation addresses are nobody's.
        hostHas("127.0.0.1", "192.0.2.1");
        server.rescan();
        server.rescan();

        assertThat(addresses(server)).containsExactly("UDP 127.0.0.1");
        assertThat(server.isReady()).isTrue();
        server.close().await();
    }

    @Test
    void addressesOfAQuartetStayWhateverTheHostSays() throws Exception {
        hostHas("127.0.0.1", "127.0.0.2", "127.0.0.3");
        StunServer server = start(
                new ServerConfigs().andListeningEverywhere(Transport.UDP, 0).alternate("127.0.0.2"));
        assertThat(server.quartets()).hasSize(1);
        assertThat(server.quartets().get(0).primary().ip()).hasToString("127.0.0.1");

        hostHas("127.0.0.3");
        server.rescan();

        assertThat(addresses(server)).containsExactlyInAnyOrder("UDP 127.0.0.1", "UDP 127.0.0.2", "UDP 127.0.0.3");
        assertThat(server.listening()).hasSize(5);
        server.close().await();
    }
}
