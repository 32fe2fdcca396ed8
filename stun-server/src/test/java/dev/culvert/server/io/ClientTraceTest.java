package dev.culvert.server.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.server.io.ClientTrace.Target;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Octets;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.AccessToken;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.Password;
import dev.culvert.stun.attribute.Username;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ClientTraceTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final FiveTuple ALICE = flow("198.51.100.7:40000");
    private static final FiveTuple BOB = flow("198.51.100.8:40000");
    private static final Target OF_ALICE = new Target.Client(ALICE.remote().ip());

    private final Logger logger = (Logger) LoggerFactory.getLogger(ClientTrace.LOGGER);
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();
    private final ClientTrace trace = new ClientTrace();

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        events.start();
        logger.addAppender(events);
    }

    @AfterEach
    void hush() {
        logger.detachAppender(events);
        logger.setLevel(null);
    }

    private static FiveTuple flow(String client) {
        return new FiveTuple(Transport.UDP, address("203.0.113.5:3478"), address(client));
    }

    private static TransportAddress address(String text) {
        return TransportAddress.parse(text).orElseThrow();
    }

    private static ByteBuffer message(MessageClass messageClass, int method, Attribute... attributes) {
        ByteBuffer buffer = ByteBuffer.allocate(512);
        TransactionId id = new TransactionId((long) TransactionId.MAGIC_COOKIE << 32, 7);
        StunWriter writer = new StunWriter().begin(buffer, messageClass, method, id);
        List.of(attributes).forEach(writer::add);
        return buffer.flip();
    }

    private void receive(FiveTuple flow, ByteBuffer bytes) {
        trace.received(flow, bytes, bytes.position(), bytes.remaining());
    }

    /** The lines about messages, as a text log has them. */
    private List<String> lines() {
        return events.list.stream()
                .filter(event -> event.getKeyValuePairs() != null)
                .map(event -> event.getFormattedMessage() + ": "
                        + event.getKeyValuePairs().stream()
                                .map(pair -> pair.key + "=" + pair.value)
                                .collect(Collectors.joining(" ")))
                .toList();
    }

    @Test
    void nobodyIsTracedUntilSomebodyIsNamed() {
        assertThat(trace.isOn()).isFalse();
        assertThat(trace.status()).isEmpty();

        receive(ALICE, message(MessageClass.REQUEST, StunMethod.ALLOCATE));

        assertThat(events.list).isEmpty();
    }

    @Test
    void eachMessageOfTheClientIsALineAndNobodyElsesIs() {
        trace.start(OF_ALICE, MINUTE);

        receive(ALICE, message(MessageClass.REQUEST, StunMethod.REFRESH, new Lifetime(600), new Username("alice")));
        receive(BOB, message(MessageClass.REQUEST, StunMethod.REFRESH));
        trace.sent(ALICE, message(MessageClass.ERROR_RESPONSE, StunMethod.REFRESH, ErrorCode.of(437)));
        trace.sent(BOB, message(MessageClass.ERROR_RESPONSE, StunMethod.REFRESH, ErrorCode.of(437)));

        assertThat(events.list.get(0).getFormattedMessage()).isEqualTo("trace of client 198.51.100.7 begins, for 60 s");
        assertThat(lines())
                .containsExactly(
                        "received Refresh request: client=198.51.100.7:40000 transport=udp bytes=40"
                                + " transaction=000000000000000000000007"
                                + " attributes=\"LIFETIME seconds=600, USERNAME name=alice\"",
                        "sent Refresh error response: client=198.51.100.7:40000 transport=udp bytes=48"
                                + " transaction=000000000000000000000007"
                                + " attributes=\"ERROR-CODE code=437, reason=Allocation Mismatch\"");
        assertThat(trace.status()).hasValueSatisfying(status -> {
            assertThat(status.target()).isEqualTo(OF_ALICE);
            assertThat(status.lines()).isEqualTo(2);
            assertThat(status.left()).isPositive().isLessThanOrEqualTo(MINUTE);
        });
    }

    @Test
    void whatIsSecretAndWhatIsTheClientsOwnIsNotWritten() {
        trace.start(OF_ALICE, MINUTE);
        Octets secret = Octets.of("s3cret".getBytes(StandardCharsets.UTF_8));

        receive(
                ALICE,
                message(
                        MessageClass.REQUEST,
                        StunMethod.ALLOCATE,
                        new Password(secret),
                        new AccessToken(secret),
                        new Data(secret),
                        new Nonce("n0nce")));
        receive(ALICE, message(MessageClass.INDICATION, StunMethod.SEND, new Data(secret)));

        assertThat(lines())
                .singleElement()
                .asString()
                .contains("attributes=\"PASSWORD (6 bytes), ACCESS-TOKEN (6 bytes), DATA (6 bytes), NONCE (5 bytes)\"")
                .doesNotContain("s3cret", secret.toString(), "n0nce");
    }

    @Test
    void aUserIsTracedFromTheFirstRequestThatNamesIt() {
        trace.start(new Target.User("alice"), MINUTE);

        receive(ALICE, message(MessageClass.REQUEST, StunMethod.ALLOCATE));
        receive(BOB, message(MessageClass.REQUEST, StunMethod.ALLOCATE, new Username("1800000000:alice")));
        trace.sent(BOB, message(MessageClass.SUCCESS_RESPONSE, StunMethod.ALLOCATE));
        receive(ALICE, message(MessageClass.REQUEST, StunMethod.ALLOCATE, new Username("malice")));

        assertThat(lines()).hasSize(2).allSatisfy(line -> assertThat(line).contains("client=198.51.100.8:40000"));
    }

    @Test
    void aTraceEndsWhenItIsToldToOrHasWrittenEnough() {
        trace.start(OF_ALICE, MINUTE);
        ByteBuffer request = message(MessageClass.REQUEST, StunMethod.BINDING);
        for (int i = 0; i < ClientTrace.MOST_LINES + 10; i++) {
            receive(ALICE, request);
        }

        assertThat(trace.isOn()).isFalse();
        assertThat(lines()).hasSize(ClientTrace.MOST_LINES);

        trace.start(OF_ALICE, MINUTE);
        trace.stop();

        assertThat(trace.status()).isEmpty();
    }

    @Test
    void aTraceIsOverWhenItsTimeIs() {
        trace.start(OF_ALICE, Duration.ofNanos(1));

        receive(ALICE, message(MessageClass.REQUEST, StunMethod.BINDING));

        assertThat(trace.isOn()).isFalse();
        assertThat(lines()).isEmpty();
    }

    @Test
    void durationsThatMeanNothingOrForeverAreRefused() {
        for (Duration wrong : List.of(Duration.ZERO, Duration.ofSeconds(-1), ClientTrace.LONGEST.plusSeconds(1))) {
            assertThatThrownBy(() -> trace.start(
                            new Target.Client(IpAddress.parse("192.0.2.1").orElseThrow()), wrong))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(trace.isOn()).isFalse();
    }

    @Test
    void whatIsNoStunMessageIsToldAsSuch() {
        trace.start(OF_ALICE, MINUTE);

        receive(ALICE, ByteBuffer.wrap(new byte[] {0, 1, 0, 99}));

        assertThat(lines()).singleElement().asString().startsWith("received no STUN message: client=");
    }
}
