package dev.culvert.ice.check;

import dev.culvert.ice.SocketId;
import dev.culvert.ice.StunReply;
import dev.culvert.ice.nat.ServerFault;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ChangeRequest;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.ReceiptRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a server is good for behaviour discovery (RFC 5780 §6.1).
 *
 * <p>Each changed answer is asked for from a socket that has asked its source before, so that no filter on this side is
 * in its way; a NAT that maps both alike lets it in, and silence is the server's.
 */
final class BehaviorTests {
    private final Asker asker;
    private final Supplier<SocketId> sockets;
    private final TransportAddress server;
    private final Optional<TransportAddress> other;
    private final Optional<ServerFault> otherFault;
    private final int answerLengthBytes;
    private final Map<Topic, Direction> directions = new LinkedHashMap<>();
    private @Nullable Question unannounced;
    private @Nullable Question withReceipt;

    /** One changed answer, the two plain ones before it, and where it is to come from. */
    private static final class Direction {
        final ChangeRequest change;
        final TransportAddress from;
        final TransportAddress diagonal;

        @Nullable
        Question plain;

        @Nullable
        Question opener;

        @Nullable
        Question changed;

        Direction(ChangeRequest change, TransportAddress from, TransportAddress diagonal) {
            this.change = change;
            this.from = from;
            this.diagonal = diagonal;
        }

        boolean isOpen() {
            return plain != null
                    && opener != null
                    && opener.mapped().isPresent()
                    && opener.mapped().equals(plain.mapped());
        }
    }

    BehaviorTests(Asker asker, Supplier<SocketId> sockets, Question first) {
        this.asker = asker;
        this.sockets = sockets;
        server = first.to();
        other = first.otherAddress();
        otherFault = other.flatMap(address -> ServerFault.ofOtherAddress(server, address));
        answerLengthBytes = first.answer().orElseThrow().lengthBytes();
        if (other.isEmpty() || otherFault.isPresent()) {
            unannounced = asker.ask(Wording.change(new ChangeRequest(true, true)), sockets.get(), server, ended -> {});
            return;
        }
        TransportAddress at = other.get();
        TransportAddress otherPort = new TransportAddress(server.ip(), at.port());
        TransportAddress otherIp = new TransportAddress(at.ip(), server.port());
        start(Topic.CHANGE_PORT, new Direction(new ChangeRequest(false, true), otherPort, otherIp));
        start(Topic.CHANGE_IP, new Direction(new ChangeRequest(true, false), otherIp, otherPort));
        start(Topic.CHANGE_IP_AND_PORT, new Direction(new ChangeRequest(true, true), at, server));
    }

    private void start(Topic topic, Direction direction) {
        directions.put(topic, direction);
        SocketId socket = sockets.get();
        Wording plain = Wording.binding("Binding");
        direction.plain = asker.ask(plain, socket, server, first -> {
            direction.opener =
                    asker.ask(plain, socket, direction.from, second -> askForChange(topic, direction, socket));
        });
    }

    private void askForChange(Topic topic, Direction direction, SocketId socket) {
        Wording change = Wording.change(direction.change);
        direction.changed = asker.ask(change, socket, server, direction.from, ended -> {
            if (topic == Topic.CHANGE_IP_AND_PORT) {
                // A request that is as long as both answers together.
                ReceiptRequest request = new ReceiptRequest(Math.min(answerLengthBytes + 52, 600));
                Wording wording = new Wording("Binding, receipt", change.method(), false, false, change.attributes());
                withReceipt = asker.ask(wording.with(request), socket, server, direction.from, last -> {});
            }
        });
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        findings.add(ofOtherAddress());
        Question withoutAlternate = unannounced;
        if (withoutAlternate != null) {
            findings.add(ofUnannounced(withoutAlternate));
            return findings;
        }
        findings.add(ofAlternates());
        directions.forEach((topic, direction) -> findings.add(ofChange(topic, direction)));
        Question asked = withReceipt;
        if (asked != null) {
            findings.add(
                    asked.hasReceipt()
                            ? Finding.yes(Topic.RECEIPTS, "tells that it has sent a changed answer")
                            : Finding.no(Topic.RECEIPTS, "not sent, or switched off"));
        }
        return findings;
    }

    private Finding ofOtherAddress() {
        if (other.isEmpty()) {
            return Finding.no(
                    Topic.OTHER_ADDRESS, "one address only: of no use for telling how a NAT filters (RFC 5780)");
        }
        return otherFault
                .map(fault -> Finding.wrong(Topic.OTHER_ADDRESS, fault.kind().meaning() + " (" + fault.detail() + ")"))
                .orElseGet(() -> Finding.yes(Topic.OTHER_ADDRESS, "says " + other.get()));
    }

    /** RFC 5780 §6.1: error 420 from a server without a second address. */
    private Finding ofUnannounced(Question asked) {
        Topic topic = Topic.CHANGE_IP_AND_PORT;
        if (asked.succeeded()) {
            return Finding.wrong(
                    topic,
                    "answered from the address that was asked, in place of error 420: to simple tools every NAT "
                            + "looks like a full cone");
        }
        if (!asked.fromElsewhere().isEmpty()) {
            return Finding.wrong(
                    topic,
                    "answered from " + asked.fromElsewhere().get(0).from() + ", which OTHER-ADDRESS does not say");
        }
        if (asked.error().isPresent()) {
            return Finding.no(topic, "refused with error " + asked.error().get());
        }
        return Finding.unknown(topic, "no answer came, in place of error 420: the server, or the NAT on this side");
    }

    private Finding ofAlternates() {
        List<String> silent = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Direction direction : directions.values()) {
            Question opener = direction.opener;
            if (opener == null || opener.answer().isEmpty()) {
                silent.add(direction.from.toString());
            } else if (!opener.otherAddress().equals(Optional.of(direction.diagonal))) {
                // RFC 5780 §6.1, table 1: OTHER-ADDRESS differs in IP and port from whichever address was asked.
                String said =
                        opener.otherAddress().map(TransportAddress::toString).orElse("nothing");
                problems.add(direction.from + " says OTHER-ADDRESS " + said + " in place of " + direction.diagonal);
            }
        }
        if (!problems.isEmpty()) {
            return Finding.wrong(Topic.ALTERNATES, String.join("; ", problems));
        }
        return silent.isEmpty()
                ? Finding.yes(Topic.ALTERNATES, "answer")
                : asker.faultBySilence(Topic.ALTERNATES, "no answer from " + String.join(", ", silent));
    }

    private Finding ofChange(Topic topic, Direction direction) {
        Question changed = direction.changed;
        if (changed == null) {
            return Finding.unknown(topic, "not asked");
        }
        if (changed.succeeded()) {
            return Finding.yes(topic, "answered from " + direction.from);
        }
        if (changed.answer().isPresent()) {
            return Finding.wrong(
                    topic, "refused with error " + changed.error().orElse(0) + ", in spite of OTHER-ADDRESS");
        }
        Optional<StunReply> elsewhere = changed.fromElsewhere().stream().findFirst();
        if (elsewhere.isPresent()) {
            return Finding.wrong(topic, elsewhereText(elsewhere.get(), direction));
        }
        return direction.isOpen()
                ? asker.faultBySilence(
                        topic, "no answer from " + direction.from + ", though its other answers come through")
                : Finding.unknown(topic, "no answer came: the server, or the NAT on this side; ask from elsewhere");
    }

    private String elsewhereText(StunReply reply, Direction direction) {
        if (reply.message().messageClass() == MessageClass.ERROR_RESPONSE) {
            int code = reply.message().get(ErrorCode.TYPE).map(ErrorCode::code).orElse(0);
            return "refused with error " + code + ", in spite of OTHER-ADDRESS";
        }
        return reply.from().equals(server)
                ? "overlooked: answered from the address that was asked; to simple tools every NAT looks like a full cone"
                : "answered from " + reply.from() + " in place of " + direction.from;
    }
}
