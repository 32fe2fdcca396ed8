package dev.culvert.relay.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.ice.turn.AllocateOptions;
import dev.culvert.ice.turn.AllocateOptions.Families;
import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.ice.vertx.PacketTap;
import dev.culvert.ice.vertx.StreamBinding;
import dev.culvert.ice.vertx.TurnConnection;
import dev.culvert.ice.vertx.TurnOptions;
import dev.culvert.ice.vertx.TurnServerAddress;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Requirements;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Allocations of IPv6 and of both families by the library, over flows of IPv6, on our server and on coturn. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("portable")
class TurnFamiliesIT {
    private static final String IPV4 = "127.0.0.1";
    private static final String IPV6 = "::1";
    private static final LongTermCredential USER =
            new LongTermCredential(TurnServerUnderTest.USER, TurnServerUnderTest.PASSWORD);

    @TempDir
    private static Path folder;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private Vertx vertx;
    private TestCertificate certificate;
    private TurnServerUnderTest ours;
    private TurnServerUnderTest coturn;

    @BeforeAll
    void open() throws Exception {
        Requirements.linux();
        Requirements.ipv6();
        Requirements.command("openssl");
        Requirements.command("turnserver");
        vertx = Vertx.vertx();
        opened.add(() -> result(vertx.close()));
        certificate = TestCertificate.make(folder, "server");
        ours = opened(TurnServerUnderTest.start(
                options().with("--allow-peer", IPV4 + "/32", "--allow-peer", IPV6 + "/128"), folder));
        coturn = opened(TurnServerUnderTest.startCoturn(options(), folder));
    }

    private TurnServerOptions options() {
        return new TurnServerOptions().on(IPV4, IPV6).relayingOn(IPV4, IPV6).tls(certificate);
    }

    private <T extends AutoCloseable> T opened(T fresh) {
        opened.add(0, fresh);
        return fresh;
    }

    @AfterAll
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    private static Stream<Arguments> allocations() {
        return Stream.of(true, false)
                .flatMap(isOurs -> Stream.of(PacketTap.Transport.values())
                        .flatMap(transport -> Stream.of(Families.IPV6, Families.DUAL)
                                .map(families -> Arguments.of(isOurs ? "ours" : "coturn", transport, families))));
    }

    @ParameterizedTest
    @MethodSource("allocations")
    void everyRelayedAddressCarriesDataToItself(String server, PacketTap.Transport transport, Families families) {
        TurnConnection turn = result(TurnConnection.open(
                vertx,
                address(server.equals("ours") ? ours : coturn, transport),
                USER,
                TurnOptions.defaults().withAllocate(AllocateOptions.defaults().withFamilies(families))));
        List<String> received = new CopyOnWriteArrayList<>();
        turn.dataHandler((peer, data) -> received.add(peer + " " + StandardCharsets.UTF_8.decode(data)));

        assertThat(turn.mapped().ip()).hasToString(IPV6);
        assertThat(turn.allocated().missing()).isEmpty();
        assertThat(turn.allocated().relayed())
                .extracting(relayed -> relayed.ip().family())
                .containsExactlyInAnyOrderElementsOf(families(server, families));
        List<String> expected = new ArrayList<>();
        for (TransportAddress peer : turn.allocated().relayed()) {
            result(turn.permit(peer.ip()));
            result(turn.send(peer, bytes("by indication")));
            await().until(() -> received.contains(peer + " by indication"));
            result(turn.bindChannel(peer));
            result(turn.send(peer, bytes("by channel")));
            expected.addAll(List.of(peer + " by indication", peer + " by channel"));
        }
        await().until(() -> received.size() >= expected.size());
        assertThat(received).containsExactlyInAnyOrderElementsOf(expected);
        result(turn.shutdown());
        assertThat(turn.closed().succeeded()).isTrue();
    }

    private static List<AddressFamily> families(String server, Families wanted) {
        if (wanted == Families.IPV6) {
            return List.of(AddressFamily.IPV6);
        }
        // Debian's coturn grants an IPv4 address alone, without a word about the other.
        return server.equals("ours") ? List.of(AddressFamily.IPV4, AddressFamily.IPV6) : List.of(AddressFamily.IPV4);
    }

    private TurnServerAddress address(TurnServerUnderTest server, PacketTap.Transport transport) {
        int port = transport == PacketTap.Transport.TLS ? server.tlsPort() : server.port();
        TransportAddress address = new TransportAddress(IpAddress.parse(IPV6).orElseThrow(), port);
        StreamBinding.Trust trust =
                new StreamBinding.Trust(false, "", certificate.certificate().toString());
        return new TurnServerAddress(transport, address, trust);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static <T> T result(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }
}
