package dev.culvert.ice.nat;

import dev.culvert.ice.SocketId;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/** One of the two sockets of a hairpin measurement, with the request that it sends to the other. Owned by one thread. */
final class HairpinSide {
    private static final int MAX_ANSWER_BYTES = 64;

    private final SocketId socket;
    private final TransactionId id;
    private Optional<BindingExchange> opener = Optional.empty();
    private Optional<TransportAddress> seenAs = Optional.empty();
    private int sent;
    private boolean answered;

    HairpinSide(SocketId socket, TransactionId id) {
        this.socket = socket;
        this.id = id;
    }

    SocketId socket() {
        return socket;
    }

    void onOpened(BindingExchange exchange) {
        opener = Optional.of(exchange);
    }

    boolean hasOpened() {
        return opener.isPresent();
    }

    Optional<TransportAddress> external() {
        return opener.flatMap(BindingExchange::mapped);
    }

    /** The request to the other side, counted as sent. */
    ByteBuffer nextRequest() {
        sent++;
        ByteBuffer bytes = ByteBuffer.allocate(StunMessage.HEADER_LENGTH);
        new StunWriter().begin(bytes, MessageClass.REQUEST, StunMethod.BINDING, id);
        return bytes.flip();
    }

    /** Whether {@code bytes}, which came to another socket, are this side's request; remembers where they came from. */
    boolean isRequestOfThis(ByteBuffer bytes, TransportAddress from) {
        boolean isOurs = is(MessageClass.REQUEST, bytes);
        if (isOurs && seenAs.isEmpty()) {
            seenAs = Optional.of(from);
        }
        return isOurs;
    }

    /** The answer to this side's request in {@code request}, which tells where it came from. */
    static ByteBuffer answerTo(ByteBuffer request, TransportAddress from) {
        StunMessage message = new StunMessage();
        message.wrap(request.duplicate());
        ByteBuffer bytes = ByteBuffer.allocate(MAX_ANSWER_BYTES);
        new StunWriter()
                .beginReply(bytes, MessageClass.SUCCESS_RESPONSE, message)
                .add(new XorMappedAddress(from));
        return bytes.flip();
    }

    /** Whether {@code bytes}, which came to this socket, answer its request; such an answer counts from {@code due} only. */
    boolean isAnswerToThis(ByteBuffer bytes, TransportAddress from, Optional<TransportAddress> due) {
        boolean isOurs = is(MessageClass.SUCCESS_RESPONSE, bytes);
        answered |= isOurs && due.equals(Optional.of(from));
        return isOurs;
    }

    private boolean is(MessageClass messageClass, ByteBuffer bytes) {
        StunMessage message = new StunMessage();
        return message.wrap(bytes.duplicate()) == Malformation.NONE
                && message.messageClass() == messageClass
                && message.transactionId().equals(id);
    }

    Optional<TransportAddress> seenAs() {
        return seenAs;
    }

    boolean answered() {
        return answered;
    }

    HairpinReport.Side toReport(int localPort) {
        return new HairpinReport.Side(localPort, external(), sent, seenAs, answered);
    }
}
