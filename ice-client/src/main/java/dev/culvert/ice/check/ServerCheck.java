package dev.culvert.ice.check;

import dev.culvert.ice.SocketId;
import dev.culvert.ice.StunTransactions;
import dev.culvert.ice.nat.StreamCheck;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what one STUN or TURN server supports and where it is wrong. Mutable, owned by one thread.
 *
 * <p>Drive it so: call {@link #start}, then {@link #onMessage} for each datagram and {@link #onTimeout} when
 * {@link #nextDeadlineNanos} has come, until {@link Output#onFinished}. All results leave through {@link Output} during
 * these calls.
 *
 * <p>Some forty requests go out at most, none of them with credentials, and nothing is left behind on the server.
 */
public final class ServerCheck {
    private final CheckPlan plan;
    private final Output out;
    private final StunTransactions transactions;
    private final Asker asker;
    private final Question first;
    private final RelayTest relay;
    private @Nullable Question classic;
    private @Nullable BasicTests basic;
    private @Nullable BehaviorTests behavior;
    private @Nullable StreamCheck tcp;
    private @Nullable TlsCheck tls;
    private boolean finished;

    /** What a check needs done. */
    public interface Output extends StunTransactions.Output {
        /** Opens a fresh UDP socket on the wildcard address; what is sent before it is open must be kept back, not lost. */
        SocketId openSocket(AddressFamily family);

        /** The end: no socket is needed any more. */
        void onFinished(ServerReport report);
    }

    /**
     * Sends the first requests.
     *
     * @param random for transaction ids; unpredictable to others
     * @param out called during calls to this check
     */
    public static ServerCheck start(CheckPlan plan, RandomGenerator random, long nowNanos, Output out) {
        return new ServerCheck(plan, random, nowNanos, out);
    }

    private ServerCheck(CheckPlan plan, RandomGenerator random, long nowNanos, Output out) {
        this.plan = plan;
        this.out = out;
        transactions = new StunTransactions(out);
        asker = new Asker(transactions, plan.schedule(), random);
        asker.at(nowNanos);
        first = asker.ask(Wording.binding("Binding"), openSocket(), server(), this::onFirst);
        relay = new RelayTest(asker, openSocket(), server());
    }

    private TransportAddress server() {
        return plan.server().address();
    }

    private SocketId openSocket() {
        return out.openSocket(server().ip().family());
    }

    private void onFirst(Question answered) {
        if (!answered.succeeded()) {
            // Servers of RFC 3489 may know nothing else.
            classic =
                    asker.ask(Wording.binding("Binding of RFC 3489").asClassic(), openSocket(), server(), ended -> {});
            return;
        }
        basic = new BasicTests(asker, this::openSocket, answered);
        behavior = new BehaviorTests(asker, this::openSocket, answered);
    }

    /** Takes in a datagram, whose {@code bytes} are lent for this call. */
    public void onMessage(SocketId socket, TransportAddress from, ByteBuffer bytes, long nowNanos) {
        asker.at(nowNanos);
        noteWhatIsDiscarded(socket, from, bytes);
        transactions.onMessage(socket, from, bytes, nowNanos);
        advance();
    }

    private void noteWhatIsDiscarded(SocketId socket, TransportAddress from, ByteBuffer bytes) {
        StunMessage message = new StunMessage();
        if (message.wrap(bytes.duplicate()) != Malformation.NONE) {
            return;
        }
        Optional<Question> asked = asker.withId(message.transactionId());
        if (message.checkFingerprint() == StunMessage.FingerprintCheck.INVALID) {
            asked.ifPresent(Question::onWrongFingerprint);
        }
        BasicTests tests = basic;
        if (tests != null && asked.isPresent()) {
            tests.onDatagram(asked.get(), socket, from, message);
        }
    }

    /** Takes in what became of an attempt over TCP. */
    public void onTcp(StreamCheck check, long nowNanos) {
        asker.at(nowNanos);
        tcp = check;
        advance();
    }

    /** Takes in what became of an attempt over TLS. */
    public void onTls(TlsCheck check, long nowNanos) {
        asker.at(nowNanos);
        tls = check;
        advance();
    }

    /** Does what is due at {@code nowNanos}. */
    public void onTimeout(long nowNanos) {
        asker.at(nowNanos);
        transactions.onTimeout(nowNanos);
        advance();
    }

    /** When {@link #onTimeout} is to be called next; empty while no time is waited for. Compare by difference. */
    public OptionalLong nextDeadlineNanos() {
        return transactions.nextDeadlineNanos();
    }

    private void advance() {
        boolean streamsDone = !plan.streams() || (tcp != null && tls != null);
        if (!finished && streamsDone && asker.isIdle()) {
            finished = true;
            out.onFinished(report());
        }
    }

    private ServerReport report() {
        List<Finding> findings = new ArrayList<>(BindingFindings.of(first));
        if (classic != null) {
            findings.add(BasicTests.ofClassic(classic));
        }
        if (basic != null) {
            findings.addAll(basic.findings());
        }
        if (behavior != null) {
            findings.addAll(behavior.findings());
        }
        findings.add(relay.finding());
        List<Amplification> amplification = asker.questions().stream()
                .flatMap(question -> question.amplification().stream())
                .distinct()
                .toList();
        StreamFindings.ofAmplification(amplification).ifPresent(findings::add);
        StreamCheck ofTcp = tcp;
        if (ofTcp != null) {
            findings.add(StreamFindings.ofTcp(ofTcp));
        }
        TlsCheck ofTls = tls;
        if (ofTls != null) {
            findings.addAll(StreamFindings.ofTls(ofTls));
        }
        findings.sort((a, b) -> a.topic().compareTo(b.topic()));
        return new ServerReport(
                plan.server(), first.answer().isPresent(), standard(), first.roundTrip(), findings, amplification);
    }

    private Standard standard() {
        if (relay.isOfRfc8489()) {
            return Standard.RFC8489;
        }
        if (first.xorMapped().isPresent()) {
            return Standard.RFC5389;
        }
        boolean isClassic = first.plainMapped().isPresent() || (classic != null && classic.succeeded());
        return isClassic ? Standard.RFC3489 : Standard.UNKNOWN;
    }
}
