package dev.culvert.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** A server as a value: what clients send goes in, what it sends is taken out, time stands still until told. */
final class ServerUnderTest {
    static final TransportAddress PRIMARY = address("203.0.113.1:3478");
    static final TransportAddress ALTERNATE = address("203.0.113.2:3479");
    static final TransportAddress CLIENT = address("198.51.100.7:40123");
    static final TransactionId ID = new TransactionId(0x2112A442_11223344L, 0x55667788_99AABBCCL);
    static final TransactionId CLASSIC_ID = new TransactionId(0x00112233_44556677L, 0x8899AABB_CCDDEEFFL);

    final Counters<Counter> counters = new Counters<>(Counter.class);

    private final BindingResponder responder;
    private final Deque<Sent> sent = new ArrayDeque<>();
    private long nowNanos = Long.MIN_VALUE / 2;
    private Transport transport = Transport.UDP;
    private TransportAddress client = CLIENT;

    private ServerUnderTest(List<Quartet> quartets, boolean receipts, SourceRateLimiter limiter) {
        responder = new BindingResponder(quartets, receipts, limiter, counters);
    }

    static ServerUnderTest withOneAddress() {
        return new ServerUnderTest(List.of(), false, SourceRateLimiter.unlimited());
    }

    static ServerUnderTest withAlternate() {
        return new ServerUnderTest(List.of(quartet()), false, SourceRateLimiter.unlimited());
    }

    static ServerUnderTest withReceipts() {
        return new ServerUnderTest(List.of(quartet()), true, SourceRateLimiter.unlimited());
    }

    static ServerUnderTest withRate(int perSecond, int burst) {
        SourceRateLimiter limiter = SourceRateLimiter.of(perSecond, burst, 0x5EED, Long.MIN_VALUE / 2);
        return new ServerUnderTest(List.of(quartet()), true, limiter);
    }

    private static Quartet quartet() {
        return new Quartet(PRIMARY, ALTERNATE, 1500);
    }

    static TransportAddress address(String text) {
        return TransportAddress.parse(text).orElseThrow();
    }

    ServerUnderTest over(Transport other) {
        transport = other;
        return this;
    }

    ServerUnderTest from(String text) {
        client = address(text);
        return this;
    }

    void pass(long nanos) {
        nowNanos += nanos;
    }

    void whenClientSends(byte[] bytes) {
        whenClientSends(bytes, PRIMARY);
    }

    void whenClientSends(byte[] bytes, TransportAddress to) {
        // Inside a larger buffer, as the bytes lie in a receive ring.
        ByteBuffer ring = ByteBuffer.allocate(bytes.length + 16).put(8, bytes);
        responder.onBytes(new FiveTuple(transport, to, client), ring, 8, bytes.length, nowNanos, this::note);
    }

    private void note(ByteBuffer message, TransportAddress local, TransportAddress remote) {
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        sent.add(new Sent(bytes, local, remote));
    }

    /** The next message that the server sent. */
    Sent thenServerSends() {
        assertThat(sent).as("messages sent").isNotEmpty();
        return sent.remove();
    }

    void thenServerIsSilent() {
        assertThat(sent).isEmpty();
    }

    static byte[] request(Attribute... attributes) {
        return message(MessageClass.REQUEST, StunMethod.BINDING, ID, false, attributes);
    }

    static byte[] requestWithFingerprint(Attribute... attributes) {
        return message(MessageClass.REQUEST, StunMethod.BINDING, ID, true, attributes);
    }

    static byte[] classicRequest(Attribute... attributes) {
        return message(MessageClass.REQUEST, StunMethod.BINDING, CLASSIC_ID, false, attributes);
    }

    static byte[] message(
            MessageClass messageClass, int method, TransactionId id, boolean fingerprint, Attribute... attributes) {
        ByteBuffer buffer = ByteBuffer.allocate(70_000);
        StunWriter writer = new StunWriter().begin(buffer, messageClass, method, id);
        for (Attribute attribute : attributes) {
            writer.add(attribute);
        }
        if (fingerprint) {
            writer.fingerprint();
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    /** A message that left the server, from where and to whom. */
    record Sent(byte[] bytes, TransportAddress from, TransportAddress to) {
        StunMessage message() {
            StunMessage message = new StunMessage();
            assertThat(message.wrap(ByteBuffer.wrap(bytes))).isEqualTo(Malformation.NONE);
            return message;
        }

        boolean is(MessageClass messageClass) {
            return message().is(messageClass, StunMethod.BINDING);
        }

        /** The types of the attributes, in order. */
        List<Integer> attributes() {
            StunMessage message = message();
            List<Integer> types = new ArrayList<>();
            for (int at = message.firstAttribute(); at != StunMessage.ABSENT; at = message.nextAttribute(at)) {
                types.add(message.typeAt(at));
            }
            return types;
        }
    }
}
