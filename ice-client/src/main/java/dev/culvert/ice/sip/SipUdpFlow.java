package dev.culvert.ice.sip;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.ice.SocketId;
import dev.culvert.ice.StunReply;
import dev.culvert.ice.StunRequest;
import dev.culvert.ice.StunTransaction;
import dev.culvert.ice.StunTransactionHandler;
import dev.culvert.ice.StunTransactions;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * An OPTIONS, an INVITE and a STUN Binding from one socket to one port of a server, each sent again until it is answered or
 * given up (RFC 3261 §17.1; the pauses are those of the schedule). Mutable, owned by one thread.
 *
 * <p>All three share a socket and a destination, so that a NAT maps them alike: where SIP comes from elsewhere than STUN,
 * something else than the NAT has had it in hand.
 */
public final class SipUdpFlow {
    private static final SocketId SOCKET = new SocketId(0);

    private final TransportAddress server;
    private final TransportAddress local;
    private final RetransmissionSchedule schedule;
    private final RandomGenerator random;
    private final Output out;
    private final StunTransactions stun;
    private final List<Exchange> exchanges = new ArrayList<>();
    private Optional<TransportAddress> mapped = Optional.empty();

    /** Where datagrams go. */
    @FunctionalInterface
    public interface Output {
        /** Sends {@code bytes} to the server; lent for this call. */
        void send(ByteBuffer bytes);
    }

    /**
     * A flow that has not begun.
     *
     * @param local the address and port of the socket, as a softphone on it would know them
     * @param schedule when requests are sent again, and given up
     */
    public SipUdpFlow(
            TransportAddress server,
            TransportAddress local,
            RetransmissionSchedule schedule,
            RandomGenerator random,
            Output out) {
        this.server = server;
        this.local = local;
        this.schedule = schedule;
        this.random = random;
        this.out = out;
        this.stun = new StunTransactions((socket, to, bytes) -> out.send(bytes));
    }

    /** Sends the requests for the first time, SIP before STUN: what looks at the first packet of a flow sees SIP. */
    public void start(long nowNanos) {
        for (SipMethod method : SipMethod.values()) {
            Exchange exchange = new Exchange(SipRequest.create(method, SipTransport.UDP, server, local, random));
            exchanges.add(exchange);
            exchange.send(nowNanos);
        }
        TransactionId id = TransactionId.random(random);
        ByteBuffer bytes = ByteBuffer.allocate(StunMessage.HEADER_LENGTH);
        new StunWriter().begin(bytes, MessageClass.REQUEST, StunMethod.BINDING, id);
        stun.start(new StunRequest(SOCKET, server, server, id, bytes.flip(), schedule), new Mapping(), nowNanos);
    }

    /**
     * Takes in a datagram.
     *
     * @param bytes lent for this call
     */
    public void onDatagram(TransportAddress from, ByteBuffer bytes, long nowNanos) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        if (from.equals(server)) {
            exchanges.forEach(exchange -> exchange.onDatagram(copy));
        }
        stun.onMessage(SOCKET, from, bytes, nowNanos);
    }

    /** Does what is due at {@code nowNanos}. */
    public void onTimeout(long nowNanos) {
        exchanges.forEach(exchange -> exchange.onTimeout(nowNanos));
        stun.onTimeout(nowNanos);
    }

    /** When {@link #onTimeout} is to be called next; empty where everything is answered or given up. */
    public OptionalLong nextDeadlineNanos() {
        OptionalLong next = stun.nextDeadlineNanos();
        for (Exchange exchange : exchanges) {
            boolean earlier = next.isEmpty() || exchange.deadlineNanos - next.getAsLong() < 0;
            if (exchange.isWaiting() && earlier) {
                next = OptionalLong.of(exchange.deadlineNanos);
            }
        }
        return next;
    }

    /** The requests and what has become of them by now. */
    public List<SipAttempt> attempts() {
        return exchanges.stream().map(Exchange::attempt).toList();
    }

    /** The mapped address that STUN told; empty without an answer. */
    public Optional<TransportAddress> mapped() {
        return mapped;
    }

    private final class Mapping implements StunTransactionHandler {
        @Override
        public void onAnswer(StunRequest request, StunReply answer, StunTransaction transaction) {
            mapped = answer.message().get(XorMappedAddress.TYPE).map(XorMappedAddress::address);
        }

        @Override
        public void onSilence(StunRequest request, StunTransaction transaction) {
            // An empty mapping says it.
        }
    }

    private final class Exchange {
        private final SipRequest request;
        private Optional<SipAnswer> answer = Optional.empty();
        private boolean givenUp;
        private int sent;
        private long deadlineNanos;

        Exchange(SipRequest request) {
            this.request = request;
        }

        boolean isWaiting() {
            return answer.isEmpty() && !givenUp;
        }

        void send(long nowNanos) {
            deadlineNanos = nowNanos + schedule.pauseAfter(sent).toNanos();
            sent++;
            out.send(ByteBuffer.wrap(request.bytes()));
        }

        void onDatagram(byte[] bytes) {
            if (answer.isEmpty()) {
                answer = SipAnswer.read(bytes, request.mark());
            }
        }

        void onTimeout(long nowNanos) {
            if (!isWaiting() || deadlineNanos - nowNanos > 0) {
                return;
            }
            if (sent < schedule.sendAfter().size()) {
                send(nowNanos);
                return;
            }
            givenUp = true;
        }

        SipAttempt attempt() {
            String detail = "no answer to " + sent + " requests";
            return answer.map(found -> SipAttempt.answered(request, found))
                    .orElseGet(() -> SipAttempt.failed(
                            request.method(), SipTransport.UDP, server.port(), SipAttempt.Outcome.SILENT, detail));
        }
    }
}
