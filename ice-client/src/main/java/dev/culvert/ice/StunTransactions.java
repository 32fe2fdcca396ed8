package dev.culvert.ice;

import dev.culvert.stun.Malformation;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Any number of client transactions over any number of UDP sockets (RFC 8489 §6.2.1). Mutable, owned by one thread.
 *
 * <p>Transactions that have ended are remembered, so that late answers and copies are still told to their handler;
 * whoever keeps an instance for longer than one run calls {@link #forgetEnded} now and then.
 *
 * <pre>{@code
 * StunTransactions transactions = new StunTransactions((socket, to, bytes) -> send(to, bytes));
 * transactions.start(request, handler, System.nanoTime());
 * while (transactions.nextDeadlineNanos().isPresent()) {
 *     try {
 *         udp.receive(packet);
 *         transactions.onMessage(request.socket(), source(), content(), System.nanoTime());
 *     } catch (SocketTimeoutException nothingCame) {
 *         transactions.onTimeout(System.nanoTime());
 *     }
 * }
 * }</pre>
 */
public final class StunTransactions {
    private final Map<TransactionId, StunTransaction> byId = new LinkedHashMap<>();
    private final Output out;
    private int unrelated;

    /** Where datagrams go. */
    @FunctionalInterface
    public interface Output {
        /** Sends {@code bytes} from {@code socket}; the buffer is lent for this call. */
        void send(SocketId socket, TransportAddress to, ByteBuffer bytes);
    }

    public StunTransactions(Output out) {
        this.out = out;
    }

    /** Sends {@code request} for the first time and repeats it by its schedule until it is answered or given up. */
    public StunTransaction start(StunRequest request, StunTransactionHandler handler, long nowNanos) {
        StunTransaction transaction = new StunTransaction(request, handler, nowNanos);
        if (byId.putIfAbsent(request.id(), transaction) != null) {
            throw new IllegalArgumentException("the transaction id is in use: " + request.id());
        }
        transaction.start(out);
        return transaction;
    }

    /**
     * Takes in a datagram.
     *
     * @param bytes lent for this call
     * @return whether it has the id of a transaction from this socket
     */
    public boolean onMessage(SocketId socket, TransportAddress from, ByteBuffer bytes, long nowNanos) {
        StunMessage message = new StunMessage();
        if (message.wrap(copyOf(bytes)) != Malformation.NONE
                || message.checkFingerprint() == StunMessage.FingerprintCheck.INVALID) {
            unrelated++;
            return false;
        }
        StunTransaction transaction = byId.get(message.transactionId());
        // RFC 8489 §6.3.3: a response is matched by its transaction id; one for another socket is foreign, too.
        if (transaction == null || !transaction.request().socket().equals(socket)) {
            unrelated++;
            return false;
        }
        transaction.onMessage(new StunReply(message, from, nowNanos));
        return true;
    }

    /** Does what is due at {@code nowNanos}. */
    public void onTimeout(long nowNanos) {
        for (StunTransaction transaction : new ArrayList<>(byId.values())) {
            transaction.onTimeout(nowNanos, out);
        }
    }

    /** When {@link #onTimeout} is to be called next; empty while nothing waits. Compare by difference. */
    public OptionalLong nextDeadlineNanos() {
        OptionalLong next = OptionalLong.empty();
        for (StunTransaction transaction : byId.values()) {
            OptionalLong deadline = transaction.deadlineNanos();
            if (deadline.isPresent() && (next.isEmpty() || deadline.getAsLong() - next.getAsLong() < 0)) {
                next = deadline;
            }
        }
        return next;
    }

    /** Forgets the transactions that have ended: what still comes for them is unrelated. */
    public void forgetEnded() {
        byId.values().removeIf(transaction -> !transaction.isWaiting());
    }

    /** All transactions that are remembered, in the order of their start. */
    public Collection<StunTransaction> all() {
        return Collections.unmodifiableCollection(byId.values());
    }

    /** How many datagrams came that belong to no transaction. */
    public int unrelated() {
        return unrelated;
    }

    private static ByteBuffer copyOf(ByteBuffer bytes) {
        ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
        return copy.put(bytes.duplicate()).flip();
    }
}
