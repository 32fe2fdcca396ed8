package dev.culvert.ice.nat;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.ice.SocketId;
import dev.culvert.ice.StunRequest;
import dev.culvert.ice.StunTransaction;
import dev.culvert.ice.StunTransactions;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ChangeRequest;
import dev.culvert.stun.attribute.ReceiptRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Sends a discovery's Binding requests and keeps all of them as evidence. Owned by one thread. */
final class Prober {
    private static final int MAX_REQUEST_BYTES = 1200;

    /** Room for padding that no packet of an Ethernet carries. */
    private static final int MAX_PADDED_BYTES = 2000;

    /** Header, RECEIPT-ORIGIN with an IPv6 address, and room for FINGERPRINT. */
    private static final int RECEIPT_BYTES = 20 + 24 + 8;

    /** Below this, chance is not believed to have no part in it. */
    private static final double LOSS_FLOOR = 0.005;

    private final StunTransactions transactions;
    private final RetransmissionSchedule schedule;
    private final RandomGenerator random;
    private final List<BindingExchange> exchanges = new ArrayList<>();
    private long nowNanos;

    Prober(StunTransactions transactions, RetransmissionSchedule schedule, RandomGenerator random) {
        this.transactions = transactions;
        this.schedule = schedule;
        this.random = random;
    }

    void at(long newNowNanos) {
        nowNanos = newNowNanos;
    }

    /** Asks {@code to} for a mapped address. */
    BindingExchange plain(String test, SocketId socket, TransportAddress to, Consumer<BindingExchange> whenEnded) {
        BindingExchange exchange = new BindingExchange(test, Optional.empty(), whenEnded);
        return start(exchange, socket, to, to, List.of());
    }

    /**
     * Asks {@code to} to answer from {@code answerFrom}.
     *
     * @param answerLengthBytes how long an answer of this server is; a receipt is asked for where it is not 0
     */
    BindingExchange changed(
            String test,
            SocketId socket,
            TransportAddress to,
            TransportAddress answerFrom,
            int answerLengthBytes,
            Consumer<BindingExchange> whenEnded) {
        boolean changeIp = !to.ip().equals(answerFrom.ip());
        ChangeRequest change = new ChangeRequest(changeIp, to.port() != answerFrom.port());
        List<Attribute> attributes = new ArrayList<>();
        attributes.add(change);
        if (answerLengthBytes > 0) {
            attributes.add(new ReceiptRequest(Math.min(answerLengthBytes + RECEIPT_BYTES, MAX_REQUEST_BYTES / 2)));
        }
        BindingExchange exchange = new BindingExchange(test, Optional.of(change), whenEnded);
        return start(exchange, socket, to, answerFrom, attributes);
    }

    /** Asks {@code to} with {@code attribute}, which makes the request longer than a packet. */
    BindingExchange padded(
            String test,
            SocketId socket,
            TransportAddress to,
            Attribute attribute,
            Consumer<BindingExchange> whenEnded) {
        BindingExchange exchange = BindingExchange.ofUnusualLength(test, whenEnded);
        return start(exchange, socket, to, to, List.of(attribute));
    }

    private BindingExchange start(
            BindingExchange exchange,
            SocketId socket,
            TransportAddress to,
            TransportAddress answerFrom,
            List<Attribute> attributes) {
        TransactionId id = TransactionId.random(random);
        ByteBuffer bytes = ByteBuffer.allocate(MAX_PADDED_BYTES);
        StunWriter writer = new StunWriter().begin(bytes, MessageClass.REQUEST, StunMethod.BINDING, id);
        attributes.forEach(writer::add);
        exchanges.add(exchange);
        StunRequest request = new StunRequest(socket, to, answerFrom, id, bytes.flip(), schedule);
        exchange.started(transactions.start(request, exchange, nowNanos));
        return exchange;
    }

    List<BindingExchange> exchanges() {
        return exchanges;
    }

    boolean isIdle() {
        return exchanges.stream().allMatch(BindingExchange::hasEnded);
    }

    /** The shortest round trip to {@code server}; empty where none is known. */
    Optional<Duration> roundTripTo(TransportAddress server) {
        return exchanges.stream()
                .filter(exchange -> exchange.to().equals(server) && exchange.isPlain())
                .flatMap(exchange -> exchange.roundTrip().stream())
                .min(Comparator.naturalOrder());
    }

    /** The share of round trips lost among those to servers that answered from where they were asked. */
    double loss() {
        int sent = 0;
        int received = 0;
        for (BindingExchange exchange : exchanges) {
            StunTransaction transaction = exchange.transaction();
            if (exchange.answered() && exchange.isPlain()) {
                sent += transaction.sent();
                received += Math.min(transaction.sent(), transaction.answersReceived());
            }
        }
        return sent == 0 ? 0 : 1 - (double) received / sent;
    }

    /** How sure it is that {@code sends} without an answer were not just lost. */
    double confidenceAfter(int sends) {
        return 1 - Math.pow(Math.max(loss(), LOSS_FLOOR), sends);
    }
}
