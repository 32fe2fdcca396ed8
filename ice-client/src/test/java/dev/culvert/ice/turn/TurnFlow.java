package dev.culvert.ice.turn;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.ice.time.Earliest;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.VirtualClock;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;

/** A client and a scripted server, 10 ms apart each way, in virtual time; somebody in between may lose and forge. */
final class TurnFlow implements TurnOutput {
    private static final Duration ONE_WAY = Duration.ofMillis(10);

    final VirtualClock clock;
    final TurnClient client;
    final ScriptedTurnServer server = new ScriptedTurnServer();
    final List<TurnEvent> events = new ArrayList<>();
    final List<String> data = new ArrayList<>();
    final List<Long> sendTimes = new ArrayList<>();
    final List<ByteBuffer> sent = new ArrayList<>();
    BooleanSupplier loses = () -> false;

    /** What an attacker answers to a request, before the server does. */
    Function<StunMessage, Optional<ByteBuffer>> forger = request -> Optional.empty();

    private final List<Delivery> underWay = new ArrayList<>();

    private record Delivery(long atNanos, Runnable action) {}

    TurnFlow(long startNanos, TurnClient.Transport transport, LongTermCredential credential) {
        this(startNanos, transport, credential, Duration.ZERO);
    }

    private TurnFlow(
            long startNanos, TurnClient.Transport transport, LongTermCredential credential, Duration keepalive) {
        clock = VirtualClock.startingAt(startNanos);
        client = new TurnClient(
                ScriptedTurnServer.ADDRESS,
                transport,
                credential,
                new Random(11),
                RetransmissionSchedule.standard(),
                keepalive);
    }

    static TurnFlow keptAlive(long startNanos, Duration interval) {
        return new TurnFlow(startNanos, TurnClient.Transport.DATAGRAM, ScriptedRealm.USER, interval);
    }

    static TurnFlow overUdp() {
        return new TurnFlow(Long.MIN_VALUE, TurnClient.Transport.DATAGRAM, ScriptedRealm.USER);
    }

    static TurnFlow overTcp() {
        return new TurnFlow(Long.MIN_VALUE, TurnClient.Transport.STREAM, ScriptedRealm.USER);
    }

    TurnFlow allocated() {
        client.allocate(AllocateOptions.defaults(), clock.nowNanos(), this);
        run(Duration.ofSeconds(1));
        if (client.relayed().isEmpty()) {
            throw new IllegalStateException("no allocation: " + events);
        }
        events.clear();
        return this;
    }

    void allocate(AllocateOptions options) {
        client.allocate(options, clock.nowNanos(), this);
        run(Duration.ofSeconds(1));
    }

    void permit(TransportAddress peer) {
        client.permit(peer.ip(), clock.nowNanos(), this);
        run(Duration.ofSeconds(1));
    }

    void bindChannel(TransportAddress peer) {
        client.bindChannel(peer, clock.nowNanos(), this);
        run(Duration.ofSeconds(1));
    }

    boolean send(TransportAddress peer, int lengthBytes) {
        boolean isSent = client.send(peer, ByteBuffer.allocate(lengthBytes), this);
        run(Duration.ofSeconds(1));
        return isSent;
    }

    void sendFromPeer(TransportAddress peer, byte[] payload) {
        server.fromPeer(peer, payload, clock.nowNanos()).ifPresent(this::deliver);
        run(Duration.ofSeconds(1));
    }

    void close() {
        client.close(clock.nowNanos(), this);
        run(Duration.ofSeconds(1));
    }

    /** Brings {@code packet} to the client now. */
    void deliver(ByteBuffer packet) {
        client.onPacket(ScriptedTurnServer.ADDRESS, packet, clock.nowNanos(), this);
    }

    @Override
    public void transmit(ByteBuffer message) {
        ByteBuffer copy = ByteBuffer.allocate(message.remaining()).put(message).flip();
        sendTimes.add(clock.nowNanos());
        sent.add(copy);
        StunMessage view = new StunMessage();
        view.wrap(copy);
        if (view.messageClass() == MessageClass.REQUEST) {
            forger.apply(view).ifPresent(forged -> after(ONE_WAY, () -> deliver(forged)));
        }
        if (!loses.getAsBoolean()) {
            after(ONE_WAY, () -> arriveAtServer(copy));
        }
    }

    @Override
    public void transmit(ByteBuffer header, ByteBuffer payload, int paddingBytes) {
        ByteBuffer whole = ByteBuffer.allocate(header.remaining() + payload.remaining() + paddingBytes);
        whole.put(header).put(payload.duplicate()).clear();
        sent.add(whole);
        after(ONE_WAY, () -> arriveAtServer(whole));
    }

    private void arriveAtServer(ByteBuffer packet) {
        server.onPacket(packet, clock.nowNanos())
                .filter(answer -> !loses.getAsBoolean())
                .ifPresent(answer -> after(ONE_WAY, () -> deliver(answer)));
    }

    @Override
    public void onData(TransportAddress peer, ByteBuffer buffer, int offset, int lengthBytes) {
        byte[] payload = new byte[lengthBytes];
        buffer.get(offset, payload);
        data.add(peer + " " + new String(payload, StandardCharsets.US_ASCII));
    }

    @Override
    public void onEvent(TurnEvent event) {
        events.add(event);
    }

    private void after(Duration delay, Runnable action) {
        underWay.add(new Delivery(clock.nowNanos() + delay.toNanos(), action));
    }

    /** Lets that much time pass, and all happen that is due in it. */
    void run(Duration time) {
        long endNanos = clock.nowNanos() + time.toNanos();
        OptionalLong next = nextNanos();
        while (next.isPresent() && next.getAsLong() - endNanos <= 0) {
            clock.advanceTo(next.getAsLong());
            deliverDue();
            client.onTimeout(clock.nowNanos(), this);
            next = nextNanos();
        }
        clock.advanceTo(endNanos);
    }

    private OptionalLong nextNanos() {
        Earliest next = new Earliest();
        next.include(client.nextDeadlineNanos());
        underWay.forEach(delivery -> next.include(delivery.atNanos()));
        return next.nanos();
    }

    private void deliverDue() {
        Stream<Delivery> due = underWay.stream().filter(delivery -> delivery.atNanos() - clock.nowNanos() <= 0);
        List<Delivery> now = due.toList();
        underWay.removeAll(now);
        now.forEach(delivery -> delivery.action().run());
    }
}
