package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.auth.IssuedCredential;
import dev.culvert.relay.core.RelayUnderTest.Options;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.SourceRateLimiter;
import dev.culvert.stun.ChannelData;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.attribute.EvenPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a relay sends to those who have not shown who they are: bytes out for bytes in. */
class AmplificationTest {
    private static final Path PAGE = Path.of("..", "docs", "security.md");
    private static final String PEER = "192.0.2.9:5000";
    private static final IssuedCredential EXPIRED = RelayUnderTest.SHARED_SECRET.issue("guest", 1);
    private static final Duration NONCE_LIFETIME = Duration.ofHours(1);

    /** One way to ask without a valid credential. */
    private record Kind(
            String name, Function<TestClient, byte[]> request, String username, String password, Nonce nonce) {
        static Kind without(String name, Ask ask) {
            return new Kind(name, client -> client.encode(ask), "alice", "secret", Nonce.NONE);
        }

        static Kind with(String name, String username, String password, Nonce nonce) {
            return new Kind(name, client -> client.encode(Ask.allocate()), username, password, nonce);
        }

        static Kind bytes(String name, byte[] bytes) {
            return new Kind(name, client -> bytes, "alice", "secret", Nonce.NONE);
        }

        /** What a client at {@code address} sends to any server under the same keys. */
        Packet packet(String address) {
            TestClient client = TestClient.over(Transport.UDP, address, username, password);
            if (nonce != Nonce.NONE) {
                RelayUnderTest issuer = new RelayUnderTest();
                TestClient whose = nonce == Nonce.FOREIGN ? TestClient.alice("198.51.100.7:9") : client;
                issuer.whenClientSends(whose, whose.encode(Ask.allocate()));
                client.isChallenged(issuer.thenRelayAnswers(whose));
            }
            return new Packet(client, request.apply(client));
        }

        boolean isAnswered() {
            RelayUnderTest relay = relay(this, startNanos -> SourceRateLimiter.unlimited());
            packet("198.51.100.7:40000").send(relay);
            return !relay.out.sent.isEmpty();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private enum Nonce {
        NONE,
        FRESH,
        STALE,
        FOREIGN
    }

    private record Packet(TestClient client, byte[] bytes) {
        void send(RelayUnderTest relay) {
            if (bytes[0] >= 0x40) {
                relay.whenClientSendsChannelData(client, 0x4000);
                return;
            }
            relay.whenClientSends(client, bytes);
        }
    }

    static List<Kind> kinds() {
        return List.of(
                Kind.without("Allocate", Ask.allocate()),
                Kind.without("Allocate with EVEN-PORT", Ask.allocate(new EvenPort(true))),
                Kind.without("Refresh", Ask.of(StunMethod.REFRESH)),
                Kind.without("CreatePermission", Ask.createPermission(PEER)),
                Kind.without("ChannelBind", Ask.channelBind(0x4000, PEER)),
                Kind.with("Allocate, wrong password", "alice", "wrong", Nonce.FRESH),
                Kind.with("Allocate, unknown user", "mallory", "secret", Nonce.FRESH),
                Kind.with("Allocate, wrong password of a time-limited user", "2000000000:guest", "wrong", Nonce.FRESH),
                Kind.with("Allocate, expired credential", EXPIRED.username(), EXPIRED.password(), Nonce.FRESH),
                Kind.with("Allocate, stale nonce", "alice", "secret", Nonce.STALE),
                Kind.with("Allocate, nonce of another client", "alice", "secret", Nonce.FOREIGN),
                Kind.with("Allocate, nonce of another client and wrong password", "alice", "wrong", Nonce.FOREIGN),
                new Kind("Allocate, no USERNAME", AmplificationTest::incomplete, "alice", "secret", Nonce.FRESH),
                Kind.without("Send indication of 100 bytes", Ask.sendIndication(PEER, "x".repeat(100))),
                Kind.bytes("ChannelData of 100 bytes", channelData()),
                Kind.bytes("100 bytes that are no STUN", new byte[100]));
    }

    private static byte[] channelData() {
        byte[] bytes = new byte[ChannelData.HEADER_LENGTH + 100];
        bytes[0] = 0x40;
        bytes[3] = 100;
        return bytes;
    }

    /** With another attribute, unknown and optional, where USERNAME was. */
    private static byte[] incomplete(TestClient client) {
        byte[] bytes = client.encode(Ask.of(StunMethod.ALLOCATE));
        bytes[20] = (byte) 0xFF;
        return bytes;
    }

    @Test
    void pageShowsWhatEachKindOfRequestMakesTheRelaySend() throws IOException {
        List<String> rows = new ArrayList<>();
        for (Kind kind : kinds()) {
            Packet packet = kind.packet("198.51.100.7:40000");
            RelayUnderTest relay = relay(kind, startNanos -> SourceRateLimiter.unlimited());

            packet.send(relay);

            int in = packet.bytes.length;
            long out = bytesOut(relay);
            rows.add(String.format(Locale.ROOT, "| %s | %d | %d | %.2f |", kind, in, out, (double) out / in));
        }

        String table = String.join("\n", rows) + "\n";
        assertThat(Files.readString(PAGE)).contains(table);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void floodFromOnePrefixIsAnsweredWithFivePercentOfItsBytesAtMost(Kind kind) {
        int perSecond = 10_000;
        int seconds = 10;
        RelayUnderTest relay = relay(kind, startNanos -> SourceRateLimiter.of(50, 100, 7, startNanos));
        List<Packet> packets = Stream.iterate(0, i -> i + 1)
                .limit(256)
                .map(i -> kind.packet("198.51.100." + i + ":" + (1024 + i)))
                .toList();
        Random random = new Random(1);
        long in = 0;

        for (int i = 0; i < perSecond * seconds; i++) {
            Packet packet = packets.get(random.nextInt(packets.size()));
            packet.send(relay);
            in += packet.bytes.length;
            relay.pass(Duration.ofSeconds(1).dividedBy(perSecond));
        }

        assertThat((double) bytesOut(relay) / in).isLessThanOrEqualTo(0.05);
        assertThat(relay.out.sent.isEmpty()).isEqualTo(!kind.isAnswered());
        assertThat(relay.machine.bound).isEmpty();
        assertThat(relay.server.timers()).isZero();
    }

    private static RelayUnderTest relay(Kind kind, LongFunction<SourceRateLimiter> limiter) {
        Options options = new Options();
        long startNanos = options.clock.nowNanos() + (kind.nonce == Nonce.STALE ? NONCE_LIFETIME.toNanos() : 0);
        options.limiter = limiter.apply(startNanos);
        RelayUnderTest relay = new RelayUnderTest(options);
        relay.clock.advanceTo(startNanos);
        return relay;
    }

    private static long bytesOut(RelayUnderTest relay) {
        return relay.out.sent.stream()
                .mapToLong(sent -> ((Sent.Reply) sent).bytes().length)
                .sum();
    }
}
