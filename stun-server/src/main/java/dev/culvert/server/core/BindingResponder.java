package dev.culvert.server.core;

import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMessage.FingerprintCheck;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ChangedAddress;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.MappedAddress;
import dev.culvert.stun.attribute.OtherAddress;
import dev.culvert.stun.attribute.Padding;
import dev.culvert.stun.attribute.ReceiptOrigin;
import dev.culvert.stun.attribute.ResponseOrigin;
import dev.culvert.stun.attribute.SourceAddress;
import dev.culvert.stun.attribute.UnknownAttributes;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers Binding requests: RFC 8489, RFC 5780 where there is a {@link Quartet}, RFC 3489 for classic clients. Mutable,
 * owned by one thread.
 *
 * <p>Keeps nothing from one message to the next but its counters; the rate limiter may be shared with others.
 */
public final class BindingResponder {
    /** The largest payload that a UDP datagram over IPv4 can have. */
    private static final int MAX_DATAGRAM_LENGTH = 65_507;

    private static final int ATTRIBUTE_HEADER_LENGTH = 4;
    private static final int FINGERPRINT_LENGTH = 8;

    private final Quartet[] quartets;
    private final boolean receipts;
    private final SourceRateLimiter limiter;
    private final Counters<Counter> counters;

    private final StunMessage message = new StunMessage();
    private final RequestAttributes attributes = new RequestAttributes();
    private final StunWriter writer = new StunWriter();
    private final ByteBuffer reply = ByteBuffer.allocateDirect(MAX_DATAGRAM_LENGTH);

    /**
     * @param quartets the addresses of RFC 5780, at most one quartet per family
     * @param receipts whether a probe's request for a receipt is answered
     */
    public BindingResponder(
            List<Quartet> quartets, boolean receipts, SourceRateLimiter limiter, Counters<Counter> counters) {
        this.quartets = quartets.toArray(new Quartet[0]);
        this.receipts = receipts;
        this.limiter = limiter;
        this.counters = counters;
    }

    /**
     * Takes one datagram, or one frame of a stream.
     *
     * @param bytes big-endian; lent until this method returns
     * @return {@link Malformation#NONE}, or why these bytes are no STUN message; then they are counted and forgotten
     */
    public Malformation onBytes(
            FiveTuple flow, ByteBuffer bytes, int offset, int lengthBytes, long nowNanos, ReplyOutput out) {
        Malformation malformation = message.wrap(bytes, offset, lengthBytes);
        switch (malformation) {
            case NONE -> onMessage(flow, message, nowNanos, out);
            case TOO_SHORT, NOT_STUN -> counters.increment(Counter.NOT_STUN);
            default -> counters.increment(Counter.MALFORMED);
        }
        return malformation;
    }

    /** Takes one STUN message, of any class and method. */
    public void onMessage(FiveTuple flow, StunMessage received, long nowNanos, ReplyOutput out) {
        // RFC 8489 §6.3: a message whose method is not supported is silently discarded.
        if (received.method() != StunMethod.BINDING) {
            counters.increment(Counter.UNSUPPORTED_METHODS);
            return;
        }
        switch (received.messageClass()) {
            case REQUEST -> onRequest(flow, received, nowNanos, out);
            // RFC 8489 §6.3.2: no response is generated for an indication.
            case INDICATION -> counters.increment(Counter.INDICATIONS);
            // RFC 8489 §6.3: a response that matches no transaction in progress is silently discarded.
            case SUCCESS_RESPONSE, ERROR_RESPONSE -> counters.increment(Counter.STRAY_RESPONSES);
        }
    }

    private void onRequest(FiveTuple flow, StunMessage request, long nowNanos, ReplyOutput out) {
        counters.increment(Counter.BINDING_REQUESTS);
        counters.add(Counter.BINDING_REQUEST_BYTES, request.lengthBytes());
        if (request.isClassic()) {
            counters.increment(Counter.CLASSIC_REQUESTS);
        }
        FingerprintCheck fingerprint = fingerprintOf(request);
        // RFC 8489 §6.3: a wrong FINGERPRINT says that this is not STUN; it is silently discarded.
        if (fingerprint == FingerprintCheck.INVALID) {
            counters.increment(Counter.WRONG_FINGERPRINTS);
            return;
        }
        if (!limiter.admits(flow.remote().ip(), nowNanos)) {
            counters.increment(Counter.RATE_LIMITED);
            return;
        }
        answer(flow, request, fingerprint == FingerprintCheck.VALID, nowNanos, out);
    }

    /** FINGERPRINT came with RFC 5389: in a classic message it is an optional attribute that nobody knows. */
    private static FingerprintCheck fingerprintOf(StunMessage request) {
        return request.isClassic() ? FingerprintCheck.ABSENT : request.checkFingerprint();
    }

    private void answer(FiveTuple flow, StunMessage request, boolean fingerprint, long nowNanos, ReplyOutput out) {
        Quartet quartet = quartetOf(flow);
        attributes.read(request, quartet != null);
        // RFC 8489 §6.3.1: unknown comprehension-required attributes are told in a 420. RFC 5780 §6.1: so is
        // CHANGE-REQUEST where there is no alternate address.
        if (!attributes.unknown.isEmpty()) {
            refuseUnknown(flow, request, fingerprint, out);
            return;
        }
        // RFC 5780 §6.1: RESPONSE-PORT together with PADDING is a 400.
        boolean contradictory = attributes.responsePort != RequestAttributes.ABSENT
                && attributes.paddingBytes != RequestAttributes.ABSENT;
        if (attributes.undecodable || contradictory) {
            refuseBad(flow, request, fingerprint, out);
            return;
        }
        TransportAddress origin = originOf(flow, quartet);
        writeSuccess(flow, request, quartet, origin);
        int length = send(fingerprint, origin, destinationOf(flow), out);
        counters.increment(Counter.BINDING_SUCCESSES);
        if (receipts && attributes.receipt && !origin.equals(flow.local())) {
            sendReceipt(flow, request, origin, length, fingerprint, nowNanos, out);
        }
    }

    /** RFC 5780 is for UDP here: an answer cannot leave a connection for another address. */
    private @Nullable Quartet quartetOf(FiveTuple flow) {
        if (flow.transport() != Transport.UDP) {
            return null;
        }
        for (Quartet quartet : quartets) {
            if (quartet.contains(flow.local())) {
                return quartet;
            }
        }
        return null;
    }

    /** RFC 5780 §6.1, table 1: where the answer leaves from. */
    private TransportAddress originOf(FiveTuple flow, @Nullable Quartet quartet) {
        return quartet == null
                ? flow.local()
                : quartet.changed(flow.local(), attributes.changeIp, attributes.changePort);
    }

    /** RFC 5780 §7.5: the answer goes to the source IP address, and to the port of RESPONSE-PORT where there is one. */
    private TransportAddress destinationOf(FiveTuple flow) {
        return attributes.responsePort == RequestAttributes.ABSENT
                ? flow.remote()
                : new TransportAddress(flow.remote().ip(), attributes.responsePort);
    }

    private void writeSuccess(FiveTuple flow, StunMessage request, @Nullable Quartet quartet, TransportAddress origin) {
        begin(MessageClass.SUCCESS_RESPONSE, request);
        if (request.isClassic()) {
            // RFC 3489 §8.1: the source of the request stands in MAPPED-ADDRESS.
            writer.add(new MappedAddress(flow.remote()));
        } else {
            // RFC 8489 §6.3.1.1: the source of the request stands in XOR-MAPPED-ADDRESS.
            writer.add(new XorMappedAddress(flow.remote()));
        }
        if (quartet != null) {
            addOrigins(flow, request, origin, quartet.changed(flow.local(), true, true));
            addPadding(request, quartet);
        }
    }

    private void addOrigins(FiveTuple flow, StunMessage request, TransportAddress origin, TransportAddress other) {
        if (request.isClassic()) {
            // RFC 3489 §8.1: SOURCE-ADDRESS and CHANGED-ADDRESS.
            writer.add(new SourceAddress(origin)).add(new ChangedAddress(other));
            return;
        }
        // RFC 5780 §6.1: MAPPED-ADDRESS beside XOR-MAPPED-ADDRESS, RESPONSE-ORIGIN, OTHER-ADDRESS.
        writer.add(new MappedAddress(flow.remote()))
                .add(new ResponseOrigin(origin))
                .add(new OtherAddress(other));
    }

    /**
     * RFC 5780 §6.1 wants PADDING of the interface's MTU. A deviation, for all who get answers that they never asked
     * for: PADDING is never longer than in the request, and never makes the answer longer than the request.
     */
    private void addPadding(StunMessage request, Quartet quartet) {
        if (attributes.paddingBytes == RequestAttributes.ABSENT) {
            return;
        }
        int mtu = quartet.mtuBytes() + 3 & ~3;
        int longest = Math.min(request.lengthBytes(), MAX_DATAGRAM_LENGTH);
        int room = Math.max(0, longest - reply.position() - ATTRIBUTE_HEADER_LENGTH - FINGERPRINT_LENGTH) & ~3;
        writer.add(new Padding(Math.min(attributes.paddingBytes, Math.min(mtu, room))));
    }

    private void refuseUnknown(FiveTuple flow, StunMessage request, boolean fingerprint, ReplyOutput out) {
        List<Integer> types = attributes.unknown;
        // RFC 3489 §11.2.10: an odd list repeats one of its attributes, since classic attributes have no padding.
        if (request.isClassic() && types.size() % 2 != 0) {
            types = new ArrayList<>(types);
            types.add(types.get(0));
        }
        begin(MessageClass.ERROR_RESPONSE, request);
        writer.add(new ErrorCode(420, "")).add(new UnknownAttributes(types));
        send(fingerprint, flow.local(), flow.remote(), out);
        counters.increment(Counter.UNKNOWN_ATTRIBUTES);
    }

    private void refuseBad(FiveTuple flow, StunMessage request, boolean fingerprint, ReplyOutput out) {
        begin(MessageClass.ERROR_RESPONSE, request);
        writer.add(new ErrorCode(400, ""));
        send(fingerprint, flow.local(), flow.remote(), out);
        counters.increment(Counter.BAD_REQUESTS);
    }

    /** Tells a probe that its changed answer was sent: only where request ≥ answer + receipt, so nothing is amplified. */
    private void sendReceipt(
            FiveTuple flow,
            StunMessage request,
            TransportAddress origin,
            int answerLength,
            boolean fingerprint,
            long nowNanos,
            ReplyOutput out) {
        begin(MessageClass.INDICATION, request);
        writer.add(new ReceiptOrigin(origin));
        int receiptLength = writer.lengthBytes() + (fingerprint ? FINGERPRINT_LENGTH : 0);
        if (request.lengthBytes() >= answerLength + receiptLength
                && limiter.admits(flow.remote().ip(), nowNanos)) {
            send(fingerprint, flow.local(), flow.remote(), out);
            counters.increment(Counter.RECEIPTS);
        }
    }

    private void begin(MessageClass messageClass, StunMessage request) {
        reply.clear();
        writer.beginReply(reply, messageClass, request);
    }

    /** Sends what was written and returns its length. A FINGERPRINT is echoed by one of our own. */
    private int send(boolean fingerprint, TransportAddress local, TransportAddress remote, ReplyOutput out) {
        if (fingerprint) {
            writer.fingerprint();
        }
        reply.flip();
        int length = reply.remaining();
        counters.add(Counter.BINDING_ANSWER_BYTES, length);
        out.send(reply, local, remote);
        return length;
    }
}
