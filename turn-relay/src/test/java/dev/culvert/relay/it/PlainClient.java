package dev.culvert.relay.it;

import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.ChannelData;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Octets;
import dev.culvert.stun.PacketKind;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Icmp;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.stun.attribute.Username;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.stun.attribute.XorRelayedAddress;
import dev.culvert.stun.integrity.IntegrityKey;
import dev.culvert.stun.integrity.IntegrityMac;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A TURN client that says what it is told, right or wrong, waits for each answer, and counts the data that it gets. */
final class PlainClient implements AutoCloseable {
    /** In place of an error code. */
    static final int SUCCESS = 0;

    private static final int TRIES = 10;
    private static final long BETWEEN_TRIES_MILLIS = 500;

    private final Wire wire;
    private final Optional<LongTermCredential> user;
    private final SplittableRandom random = new SplittableRandom();
    private final IntegrityMac mac = new IntegrityMac();
    private final BlockingQueue<StunMessage> answers = new LinkedBlockingQueue<>();
    private final AtomicLong packets = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final Queue<PeerError> errors = new ConcurrentLinkedQueue<>();
    private int challenges;
    private List<Attribute> credential = List.of();
    private Optional<IntegrityKey> key = Optional.empty();

    /** An ICMP error that a packet to {@code peer} met with. */
    record PeerError(TransportAddress peer, Icmp icmp) {
        /** One word. */
        @Override
        public String toString() {
            return peer + "/" + icmp.icmpType() + "/" + icmp.code() + "/" + icmp.errorData();
        }
    }

    /** One that answers challenges with {@code user}, or gives no credential. */
    PlainClient(Wire wire, Optional<LongTermCredential> user) {
        this.wire = wire;
        this.user = user;
        Thread reader = new Thread(this::read, "plain-client");
        reader.setDaemon(true);
        reader.start();
    }

    static PlainClient udp(TurnServerUnderTest server, String user, String password) throws IOException {
        return new PlainClient(Wire.udp(server.address()), Optional.of(new LongTermCredential(user, password)));
    }

    static PlainClient tcp(TurnServerUnderTest server, String user, String password) throws IOException {
        return new PlainClient(Wire.tcp(server.address()), Optional.of(new LongTermCredential(user, password)));
    }

    /** By UDP, as the user whom every server under test knows. */
    static PlainClient alice(TurnServerUnderTest server) throws IOException {
        return udp(server, TurnServerUnderTest.USER, TurnServerUnderTest.PASSWORD);
    }

    private void read() {
        try {
            while (true) {
                take(wire.receive());
            }
        } catch (IOException closed) {
            return;
        }
    }

    private void take(ByteBuffer received) {
        if (PacketKind.of(received.get(0)) == PacketKind.TURN_CHANNEL) {
            ChannelData data = new ChannelData();
            data.wrap(received);
            count(data.lengthBytes());
            return;
        }
        StunMessage message = new StunMessage();
        message.wrap(received);
        Optional<Icmp> error = message.get(Icmp.TYPE);
        if (error.isPresent()) {
            errors.add(
                    new PeerError(message.get(XorPeerAddress.TYPE).orElseThrow().address(), error.get()));
            return;
        }
        if (message.is(MessageClass.INDICATION, StunMethod.DATA)) {
            count(message.lengthAt(message.find(Data.TYPE.number())));
            return;
        }
        answers.add(message);
    }

    private void count(int dataBytes) {
        packets.incrementAndGet();
        bytes.addAndGet(dataBytes);
    }

    /** The ICMP errors of which it was told. */
    List<PeerError> errors() {
        return List.copyOf(errors);
    }

    /** How many packets of peers it got. */
    long packets() {
        return packets.get();
    }

    /** How many bytes of peers it got. */
    long bytes() {
        return bytes.get();
    }

    /** How many challenges it has answered. */
    int challenges() {
        return challenges;
    }

    /** Takes over a name, a nonce and a key that are another client's. */
    void takeCredentialOf(PlainClient other) {
        credential = other.credential;
        key = other.key;
    }

    /** The answer to a request, after one to a challenge. */
    StunMessage ask(int method, Attribute... attributes) throws IOException {
        StunMessage answer = exchange(method, attributes);
        int code = code(answer);
        if (user.isEmpty() || code != 401 && code != 438) {
            return answer;
        }
        challenges++;
        Realm realm = answer.get(Realm.TYPE).orElseThrow();
        credential = List.of(
                new Username(user.get().username()),
                realm,
                answer.get(Nonce.TYPE).orElseThrow());
        key = Optional.of(IntegrityKey.longTerm(
                user.get().username(), realm.name(), user.get().password()));
        return exchange(method, attributes);
    }

    /** The error code of an answer, or {@link #SUCCESS}. */
    static int code(StunMessage answer) {
        return answer.get(ErrorCode.TYPE).map(ErrorCode::code).orElse(SUCCESS);
    }

    StunMessage allocate(Attribute... more) throws IOException {
        List<Attribute> attributes = new ArrayList<>(List.of(new RequestedTransport(RequestedTransport.UDP)));
        attributes.addAll(Arrays.asList(more));
        return ask(StunMethod.ALLOCATE, attributes.toArray(Attribute[]::new));
    }

    /** The relayed transport address that it gets, where it must get one. */
    TransportAddress relayed() throws IOException {
        StunMessage answer = allocate();
        return answer.get(XorRelayedAddress.TYPE)
                .orElseThrow(() -> new AssertionError("refused with " + code(answer)))
                .address();
    }

    int refresh(int lifetimeSeconds) throws IOException {
        return code(ask(StunMethod.REFRESH, new Lifetime(lifetimeSeconds)));
    }

    int permit(IpAddress peer) throws IOException {
        return code(ask(StunMethod.CREATE_PERMISSION, new XorPeerAddress(new TransportAddress(peer, 0))));
    }

    int bind(int channel, TransportAddress peer) throws IOException {
        return code(ask(StunMethod.CHANNEL_BIND, new ChannelNumber(channel), new XorPeerAddress(peer)));
    }

    /** Sends data in a Send indication with {@code more} attributes. */
    void send(TransportAddress peer, byte[] data, Attribute... more) throws IOException {
        List<Attribute> attributes = new ArrayList<>(List.of(new XorPeerAddress(peer), new Data(Octets.of(data))));
        attributes.addAll(Arrays.asList(more));
        StunWriter writer = written(MessageClass.INDICATION, StunMethod.SEND, TransactionId.random(random), attributes);
        wire.send(writer.buffer().flip());
    }

    void sendOnChannel(int channel, byte[] data) throws IOException {
        ByteBuffer message = ByteBuffer.allocate(ChannelData.HEADER_LENGTH + data.length + 3);
        ChannelData.writeHeader(message, channel, data.length);
        message.put(data);
        ChannelData.pad(message, data.length);
        wire.send(message.flip());
    }

    private StunMessage exchange(int method, Attribute... attributes) throws IOException {
        TransactionId id = TransactionId.random(random);
        List<Attribute> all = new ArrayList<>(Arrays.asList(attributes));
        all.addAll(credential);
        StunWriter writer = written(MessageClass.REQUEST, method, id, all);
        key.ifPresent(known -> mac.sign(writer, known));
        ByteBuffer request = writer.buffer().flip();
        for (int i = 0; i < TRIES; i++) {
            if (i == 0 || wire.isLossy()) {
                wire.send(request.duplicate());
            }
            Optional<StunMessage> answer = awaitAnswer(id);
            if (answer.isPresent()) {
                return answer.get();
            }
        }
        throw new IOException("no answer to method " + method);
    }

    private static StunWriter written(MessageClass messageClass, int method, TransactionId id, List<Attribute> all) {
        StunWriter writer = new StunWriter();
        writer.begin(ByteBuffer.allocate(1 << 16), messageClass, method, id);
        all.forEach(writer::add);
        return writer;
    }

    private Optional<StunMessage> awaitAnswer(TransactionId id) {
        try {
            StunMessage answer = answers.poll(BETWEEN_TRIES_MILLIS, TimeUnit.MILLISECONDS);
            while (answer != null && !answer.hasTransactionId(id)) {
                answer = answers.poll(BETWEEN_TRIES_MILLIS, TimeUnit.MILLISECONDS);
            }
            return Optional.ofNullable(answer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
