package dev.culvert.ice.nat;

import dev.culvert.ice.SocketId;
import dev.culvert.ice.StunTransactions;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ResponsePort;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** The sockets of a lifetime measurement, when each was last used, and what is due. Owned by one thread. */
final class IdleSockets {
    private static final int CHECK_BYTES = 28;

    private final TransportAddress server;
    private final Measurement.Output<LifetimeReport> out;
    private final RandomGenerator random;
    private final StunTransactions transactions;
    private final Prober prober;
    private final Agenda agenda = new Agenda();
    private final Map<SocketId, Long> lastUsedNanos = new HashMap<>();
    private final Map<TransactionId, ResponsePortCheck> checks = new HashMap<>();
    private long nowNanos;

    IdleSockets(LifetimePlan plan, RandomGenerator random, Measurement.Output<LifetimeReport> out) {
        this.server = plan.server().address();
        this.out = out;
        this.random = random;
        transactions = new StunTransactions(this::send);
        prober = new Prober(transactions, plan.schedule(), random);
    }

    void now(long newNowNanos) {
        nowNanos = newNowNanos;
        prober.at(newNowNanos);
    }

    long nowNanos() {
        return nowNanos;
    }

    SocketId open() {
        return out.openSocket(server.ip().family());
    }

    int localPort(SocketId socket) {
        return out.localPort(socket);
    }

    Prober prober() {
        return prober;
    }

    void plain(String test, SocketId socket, Consumer<BindingExchange> whenEnded) {
        prober.plain(test, socket, server, whenEnded);
    }

    /** Asks from {@code asker} for an answer at {@code target}, whose external port is {@code port}. */
    ResponsePortCheck check(SocketId asker, SocketId target, int port, Consumer<ResponsePortCheck> whenEnded) {
        TransactionId id = TransactionId.random(random);
        ByteBuffer bytes = ByteBuffer.allocate(CHECK_BYTES);
        new StunWriter()
                .begin(bytes, MessageClass.REQUEST, StunMethod.BINDING, id)
                .add(new ResponsePort(port));
        bytes.flip();
        ResponsePortCheck check = new ResponsePortCheck(asker, target, port, whenEnded);
        checks.put(id, check);
        for (int i = 0; i < ResponsePortCheck.SENDS; i++) {
            after(ResponsePortCheck.PAUSE.multipliedBy(i), () -> {
                if (!check.hasEnded()) {
                    check.onSent();
                    send(asker, server, bytes.duplicate());
                }
            });
        }
        Duration wait = ResponsePortCheck.PAUSE
                .multipliedBy(ResponsePortCheck.SENDS - 1L)
                .plus(ResponsePortCheck.WAIT);
        after(wait, check::onSilence);
        return check;
    }

    /** When something was last sent or received on {@code socket}, so that it passed the NAT. */
    long lastUsedNanos(SocketId socket) {
        return lastUsedNanos.getOrDefault(socket, nowNanos);
    }

    void after(Duration pause, Runnable action) {
        agenda.at(nowNanos + pause.toNanos(), action);
    }

    void at(long atNanos, Runnable action) {
        agenda.at(atNanos, action);
    }

    void onMessage(SocketId socket, TransportAddress from, ByteBuffer bytes) {
        lastUsedNanos.put(socket, nowNanos);
        StunMessage message = new StunMessage();
        if (from.equals(server) && message.wrap(bytes.duplicate()) == Malformation.NONE) {
            ResponsePortCheck check = checks.get(message.transactionId());
            if (check != null) {
                check.onMessage(socket, message);
                return;
            }
        }
        transactions.onMessage(socket, from, bytes, nowNanos);
    }

    void onTimeout() {
        transactions.onTimeout(nowNanos);
        agenda.runDue(nowNanos);
    }

    OptionalLong nextDeadlineNanos() {
        return Agenda.earlier(transactions.nextDeadlineNanos(), agenda.nextNanos());
    }

    private void send(SocketId socket, TransportAddress to, ByteBuffer bytes) {
        lastUsedNanos.put(socket, nowNanos);
        out.send(socket, to, bytes);
    }
}
