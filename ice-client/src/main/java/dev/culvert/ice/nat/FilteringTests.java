package dev.culvert.ice.nat;

import dev.culvert.ice.SocketId;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ErrorCode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The filtering tests against one server with two addresses and two ports (RFC 5780 §4.4), each on a socket of its own.
 *
 * <p>No socket that asks for a changed answer is ever used to compare mappings: on Linux the unsolicited answer leaves
 * an entry in the router's table with which a later request of the same socket collides.
 */
final class FilteringTests {
    /** Which answer is asked for, after which packet has gone out. */
    enum Kind {
        /** From the other IP address and port; nothing was sent there. */
        F1,
        /** From the other port. */
        F2,
        /** From the other IP address. */
        F3,
        /** From the other IP address and port, after a packet went there: the answer must come. */
        K,
        /** From the other port, after a packet went there. */
        K2
    }

    private static final int MAX_ROUNDS = 3;
    private static final double ENOUGH_CONFIDENCE = 0.995;

    private final Prober prober;
    private final TransportAddress primary;
    private final TransportAddress other;
    private final Map<Kind, List<BindingExchange>> changed = new EnumMap<>(Kind.class);
    private final List<ServerFault> otherAddressFaults = new ArrayList<>();

    FilteringTests(Prober prober, TransportAddress primary, TransportAddress other) {
        this.prober = prober;
        this.primary = primary;
        this.other = other;
    }

    void start(Supplier<SocketId> sockets) {
        for (Kind kind : Kind.values()) {
            start(kind, sockets.get());
        }
    }

    private void start(Kind kind, SocketId socket) {
        boolean isControl = kind == Kind.K || kind == Kind.K2;
        TransportAddress opened = isControl ? changedSource(kind) : primary;
        prober.plain(kind.name(), socket, opened, opener -> {
            if (!isControl && opener.succeeded()) {
                compareOtherAddress(kind, opener);
            }
            if (opener.succeeded()) {
                askForChange(kind, socket, isControl ? 0 : opener.answerLengthBytes());
            }
        });
    }

    /** Behind one address there may be several servers, each with another alternate address, or none. */
    private void compareOtherAddress(Kind kind, BindingExchange opener) {
        if (!opener.otherAddress().equals(Optional.of(other))) {
            String said = opener.otherAddress().map(TransportAddress::toString).orElse("none");
            otherAddressFaults.add(new ServerFault(
                    ServerFault.Kind.OTHER_ADDRESS_CHANGES, kind + ": says " + said + " after " + other));
        }
    }

    private void askForChange(Kind kind, SocketId socket, int answerLengthBytes) {
        TransportAddress from = changedSource(kind);
        changed.computeIfAbsent(kind, unused -> new ArrayList<>())
                .add(prober.changed(
                        kind.name(),
                        socket,
                        primary,
                        from,
                        answerLengthBytes,
                        ended -> repeatIfDoubtful(kind, socket, answerLengthBytes)));
    }

    /** Asks again where packets are lost, so that too few answers are known to have been sent. */
    private void repeatIfDoubtful(Kind kind, SocketId socket, int answerLengthBytes) {
        int proven = provenSilences(kind);
        boolean isDoubtful = proven > 0 && prober.confidenceAfter(proven) < ENOUGH_CONFIDENCE;
        if (isDoubtful && !passed(kind) && asked(kind).size() < MAX_ROUNDS) {
            askForChange(kind, socket, answerLengthBytes);
        }
    }

    private TransportAddress changedSource(Kind kind) {
        return switch (kind) {
            case F1, K -> other;
            case F2, K2 -> new TransportAddress(primary.ip(), other.port());
            case F3 -> new TransportAddress(other.ip(), primary.port());
        };
    }

    TransportAddress primary() {
        return primary;
    }

    /** The requests for a changed answer; empty where the test could not be made. */
    private List<BindingExchange> asked(Kind kind) {
        return changed.getOrDefault(kind, List.of());
    }

    /** How many answers to {@code test} were certainly sent, of which none came in unless it has passed. */
    int provenSilences(Kind test) {
        boolean isControlled = switch (test) {
            case F1 -> passed(Kind.K);
            case F2 -> passed(Kind.K2);
            case F3, K, K2 -> false;
        };
        return asked(test).stream()
                .mapToInt(exchange -> isControlled ? exchange.sent() : exchange.provenAnswers())
                .sum();
    }

    /** Whether something came from where the answer was to come from. */
    boolean passed(Kind kind) {
        return asked(kind).stream().anyMatch(BindingExchange::reached);
    }

    /** What the server did wrong when it was asked to answer from elsewhere. */
    List<ServerFault> faults() {
        List<ServerFault> faults = new ArrayList<>(otherAddressFaults);
        changed.forEach((kind, exchanges) -> exchanges.stream()
                .flatMap(exchange -> exchange.fromWrongSource().stream())
                .findFirst()
                .ifPresent(reply -> {
                    String detail =
                            kind + ": asked to answer from " + changedSource(kind) + ", answered from " + reply.from();
                    Optional<ErrorCode> error = reply.message().get(ErrorCode.TYPE);
                    faults.add(new ServerFault(
                            kindOf(reply.from(), reply.message().messageClass()),
                            detail
                                    + error.map(code -> " with error " + code.code())
                                            .orElse("")));
                }));
        return faults;
    }

    private ServerFault.Kind kindOf(TransportAddress from, MessageClass messageClass) {
        if (messageClass == MessageClass.ERROR_RESPONSE) {
            return ServerFault.Kind.REFUSES_CHANGE_REQUEST;
        }
        return from.equals(primary) ? ServerFault.Kind.IGNORES_CHANGE_REQUEST : ServerFault.Kind.WRONG_SOURCE;
    }
}
