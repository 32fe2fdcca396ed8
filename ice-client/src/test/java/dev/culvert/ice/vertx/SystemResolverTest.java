package dev.culvert.ice.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.culvert.ice.resolution.ServerAttempt;
import dev.culvert.ice.resolution.ServerTransport;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.StunUri;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramPacket;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.dns.AddressResolverOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SRV records of a DNS server on the loopback interface, addresses of the system. */
class SystemResolverTest {
    private static final List<ServerTransport> ALL = List.of(ServerTransport.values());
    private static final int HEADER_LENGTH = 12;

    private final Vertx vertx = Vertx.vertx();
    private final DatagramSocket dns = vertx.createDatagramSocket();
    private final AtomicInteger questions = new AtomicInteger();
    private int answerCode;
    private boolean isSilent;

    @BeforeEach
    void listen() {
        dns.handler(this::answer).listen(0, "127.0.0.1").await();
    }

    @AfterEach
    void close() {
        dns.close().await();
        vertx.close().await();
    }

    /** To a question for {@code _turn._udp…}: priority 1, weight 2, port 4000, the host localhost; to others nothing. */
    private void answer(DatagramPacket query) {
        questions.incrementAndGet();
        if (isSilent) {
            return;
        }
        byte[] asked = query.data().getBytes();
        boolean isKnown = new String(asked, StandardCharsets.ISO_8859_1).contains("_turn\u0004_udp");
        Buffer answer = Buffer.buffer().appendBytes(asked, 0, 2);
        answer.appendUnsignedShort(0x8180 | answerCode).appendUnsignedShort(1).appendUnsignedShort(isKnown ? 1 : 0);
        answer.appendInt(0).appendBytes(asked, HEADER_LENGTH, questionLength(asked));
        if (isKnown) {
            // The name of the question, SRV, IN, an hour, and 17 bytes of data.
            answer.appendUnsignedShort(0xC00C)
                    .appendUnsignedShort(33)
                    .appendUnsignedShort(1)
                    .appendInt(3600);
            answer.appendUnsignedShort(17)
                    .appendUnsignedShort(1)
                    .appendUnsignedShort(2)
                    .appendUnsignedShort(4000);
            answer.appendByte((byte) 9).appendString("localhost").appendByte((byte) 0);
        }
        dns.send(answer, query.sender().port(), query.sender().host());
    }

    /** Without what EDNS appends to the query. */
    private static int questionLength(byte[] asked) {
        int at = HEADER_LENGTH;
        while (asked[at] != 0) {
            at += 1 + asked[at];
        }
        return at + 5 - HEADER_LENGTH;
    }

    private List<String> resolve(String uri) {
        return resolve(vertx, uri, new SystemResolver(vertx, dnsAddress()));
    }

    private TransportAddress dnsAddress() {
        return new TransportAddress(IpAddress.v4(0x7F000001), dns.localAddress().port());
    }

    private static List<String> resolve(Vertx vertx, String uri, SystemResolver resolver) {
        return ServerLookUp.resolve(vertx, StunUri.parse(uri), ALL, resolver).await().stream()
                .map(ServerAttempt::toString)
                .toList();
    }

    @Test
    void servicesComeFromTheDnsAndAddressesFromTheSystem() {
        assertThat(resolve("turn:localhost")).contains("127.0.0.1:4000 over UDP", "127.0.0.1:3478 over TCP");
        assertThat(resolve("turn:localhost")).doesNotContain("127.0.0.1:3478 over UDP");
    }

    @Test
    void errorOfTheDnsLeavesTheAddresses() {
        answerCode = 3;

        assertThat(resolve("turns:localhost")).contains("127.0.0.1:5349 over TLS");
    }

    @Test
    void silentDnsLeavesTheAddresses() {
        isSilent = true;
        long startNanos = System.nanoTime();

        assertThat(resolve("turn:localhost?transport=udp")).contains("127.0.0.1:3478 over UDP");
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void nothingIsAskedForAnAddress() {
        assertThat(resolve("turn:127.0.0.1")).containsExactly("127.0.0.1:3478 over UDP", "127.0.0.1:3478 over TCP");
        assertThat(questions).hasValue(0);
    }

    /** The DNS here stands for the public one that Vert.x asks where the system names none. */
    @Test
    void noServerThatTheSystemDoesNotNameIsAsked(@TempDir Path folder) throws IOException {
        Path resolvConf = Files.writeString(folder.resolve("resolv.conf"), "options edns0\n");
        AddressResolverOptions fallback =
                new AddressResolverOptions().addServer(dnsAddress().toString());
        Vertx falling = Vertx.vertx(new VertxOptions().setAddressResolverOptions(fallback));

        List<String> found = resolve(falling, "turn:localhost", new SystemResolver(falling, resolvConf));
        List<String> withoutFile =
                resolve(falling, "turn:localhost", new SystemResolver(falling, folder.resolve("absent")));
        falling.close().await();

        assertThat(found).contains("127.0.0.1:3478 over UDP", "127.0.0.1:3478 over TCP");
        assertThat(withoutFile).isEqualTo(found);
        assertThat(questions).hasValue(0);
    }

    @Test
    void nameThatNobodyKnowsIsTold() {
        Throwable failure = catchThrowable(() -> resolve("turn:host.invalid:3478"));

        assertThat(failure)
                .isInstanceOf(NetworkException.UnknownHost.class)
                .hasMessageStartingWith("unknown host host.invalid");
    }

    @Test
    void uriThatCannotBeUsedIsTold() {
        assertThat(catchThrowable(() -> resolve("turns:localhost?transport=udp")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
