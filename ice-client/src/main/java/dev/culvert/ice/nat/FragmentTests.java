package dev.culvert.ice.nat;

import dev.culvert.ice.SocketId;
import dev.culvert.ice.nat.FragmentBehavior.Fate;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.Padding;
import dev.culvert.stun.attribute.ReceiptRequest;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Datagrams in two fragments (RFC 5780 §3.5), each kind on a socket of its own: one request that is long itself, and one
 * whose answer is long as well.
 */
final class FragmentTests {
    /** With its headers above the usual MTU of 1500 bytes, and answered by as much (RFC 5780 §7.6). */
    private static final int PADDING_BYTES = 1700;

    /** More than one packet of an Ethernet carries, over IPv4 as over IPv6. */
    private static final int FRAGMENTED_BYTES = 1473;

    private static final double LEAST_CONFIDENCE = 0.98;

    private final Prober prober;
    private final TransportAddress server;
    private final boolean knowsPadding;
    private Optional<BindingExchange> longRequest = Optional.empty();
    private Optional<BindingExchange> longBoth = Optional.empty();

    /**
     * @param knowsPadding whether the server is one of RFC 5780, so that it may be asked for a long answer
     */
    FragmentTests(Prober prober, TransportAddress server, boolean knowsPadding) {
        this.prober = prober;
        this.server = server;
        this.knowsPadding = knowsPadding;
    }

    void start(Supplier<SocketId> sockets) {
        // The loopback interface and its like carry long datagrams whole.
        if (AddressScope.of(server.ip()) == AddressScope.HOST) {
            return;
        }
        // Every server ignores this attribute where no change is asked for: its answer is short.
        longRequest =
                Optional.of(prober.padded("G1", sockets.get(), server, new ReceiptRequest(PADDING_BYTES), ended -> {}));
        if (knowsPadding) {
            longBoth = Optional.of(prober.padded("G2", sockets.get(), server, new Padding(PADDING_BYTES), ended -> {}));
        }
    }

    FragmentBehavior behavior() {
        if (longRequest.isEmpty()) {
            return FragmentBehavior.UNTRIED;
        }
        BindingExchange request = longRequest.get();
        boolean out =
                request.answered() || longBoth.filter(BindingExchange::answered).isPresent();
        if (!out) {
            boolean sure = prober.confidenceAfter(request.sent()) >= LEAST_CONFIDENCE;
            return new FragmentBehavior(
                    sure ? Fate.DROPPED : Fate.UNKNOWN,
                    Fate.UNKNOWN,
                    sure ? "a long answer cannot be asked for without a long request" : "too many packets are lost");
        }
        return longBoth.map(this::incoming)
                .orElse(new FragmentBehavior(Fate.PASS, Fate.UNKNOWN, "the server does not know PADDING (RFC 5780)"));
    }

    private FragmentBehavior incoming(BindingExchange both) {
        if (both.answerLengthBytes() >= FRAGMENTED_BYTES) {
            return new FragmentBehavior(Fate.PASS, Fate.PASS, "");
        }
        if (both.answered()) {
            return new FragmentBehavior(Fate.PASS, Fate.UNKNOWN, "the server does not pad its answers");
        }
        return prober.confidenceAfter(both.sent()) >= LEAST_CONFIDENCE
                ? new FragmentBehavior(Fate.PASS, Fate.DROPPED, "")
                : new FragmentBehavior(Fate.PASS, Fate.UNKNOWN, "too many packets are lost");
    }
}
