package dev.culvert.server.core;

import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.Deflater;

/**
 * Answers the SIP requests of a probe with a copy of what arrived, so that the probe sees what was rewritten on the way.
 * Mutable, owned by one thread.
 *
 * <p>A request is answered that is an OPTIONS or an INVITE with SDP, has exactly one header
 * {@code X-Culvert-Probe: NONCE} (32 lower-case hexadecimal digits) and room for the answer: that is <em>never longer than
 * the request</em>, so a probe pads. All else is dropped and counted. There are no transactions and no dialogs: each copy
 * of a request is answered alike, an INVITE with 488, which needs no call to be ended.
 *
 * <p>The body of an answer is compressed (RFC 1950), so that nothing on the way back finds addresses in it. Inflated it is
 * the line {@code Source: ADDR:PORT}, which is where the request came from, CRLF, and then the request byte by byte.
 */
public final class SipReflector {
    /** The longest request that is read; those of a probe are about 1200 bytes long. */
    public static final int MAX_REQUEST_BYTES = 4096;

    /** RFC 3581 §3: the parameter by which a client asks for its source port. */
    private static final Pattern RPORT = Pattern.compile("(?i);\\s*rport\\s*(?=;|,|$)");

    /** RFC 3261 §8.2.6.2: the tag of To is the same in each copy of an answer, so it is made from the mark. */
    private static final int TAG_DIGITS = 8;

    private final SourceRateLimiter limiter;
    private final Counters<Counter> counters;
    private final Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    private final byte[] body = new byte[MAX_REQUEST_BYTES];

    /** @param limiter how many answers a source prefix gets; may be shared with others */
    public SipReflector(SourceRateLimiter limiter, Counters<Counter> counters) {
        this.limiter = limiter;
        this.counters = counters;
    }

    /** Whether these bytes are a matter for {@link #onBytes}; ChannelData that begins so would be longer than 18 KB. */
    public static boolean isSip(ByteBuffer bytes, int offset, int lengthBytes) {
        return SipRequest.startsAsRequest(bytes, offset, lengthBytes);
    }

    /**
     * Takes one datagram, or one message of a stream.
     *
     * @param bytes big-endian; lent until this method returns
     * @return false where this is no request of a probe; then it was counted and forgotten
     */
    public boolean onBytes(
            FiveTuple flow, ByteBuffer bytes, int offset, int lengthBytes, long nowNanos, ReplyOutput out) {
        Optional<SipRequest> request =
                lengthBytes > MAX_REQUEST_BYTES ? Optional.empty() : SipRequest.parse(bytes, offset, lengthBytes);
        // Who forges the server's own address as the source must not make it talk to itself.
        if (request.isEmpty() || flow.remote().equals(flow.local())) {
            counters.increment(Counter.SIP_REFUSED);
            return false;
        }
        counters.increment(Counter.SIP_REQUESTS);
        counters.add(Counter.SIP_REQUEST_BYTES, lengthBytes);
        if (!limiter.admits(flow.remote().ip(), nowNanos)) {
            counters.increment(Counter.RATE_LIMITED);
            return true;
        }
        answer(flow, request.get(), bytes, offset, lengthBytes, out);
        return true;
    }

    private void answer(
            FiveTuple flow, SipRequest request, ByteBuffer bytes, int offset, int lengthBytes, ReplyOutput out) {
        int bodyLength = compress(flow.remote(), bytes, offset, lengthBytes);
        byte[] head = head(flow.remote(), request, bodyLength).getBytes(StandardCharsets.ISO_8859_1);
        // A deviation from RFC 3261 §8.2: silence rather than an answer that is longer than its request.
        if (bodyLength < 0 || head.length + bodyLength > lengthBytes) {
            counters.increment(Counter.SIP_REFUSED);
            return;
        }
        ByteBuffer reply = ByteBuffer.allocate(head.length + bodyLength);
        reply.put(head).put(body, 0, bodyLength).flip();
        counters.increment(Counter.SIP_ANSWERS);
        counters.add(Counter.SIP_ANSWER_BYTES, reply.remaining());
        // A deviation from RFC 3261 §18.2.2: the answer goes to the source, never to where Via says.
        out.send(reply, flow.local(), flow.remote());
    }

    /** Fills the body and returns its length; -1 where it would be longer than the request. */
    private int compress(TransportAddress source, ByteBuffer bytes, int offset, int lengthBytes) {
        byte[] line = ("Source: " + source + "\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] plain = new byte[line.length + lengthBytes];
        System.arraycopy(line, 0, plain, 0, line.length);
        bytes.get(offset, plain, line.length, lengthBytes);
        deflater.reset();
        deflater.setInput(plain);
        deflater.finish();
        int length = deflater.deflate(body, 0, lengthBytes);
        return deflater.finished() ? length : -1;
    }

    private static String head(TransportAddress source, SipRequest request, int bodyLength) {
        StringBuilder head = new StringBuilder(512);
        head.append(request.method().equals("OPTIONS") ? "SIP/2.0 200 OK\r\n" : "SIP/2.0 488 Not Acceptable Here\r\n");
        // RFC 3261 §8.2.6.2: all values of Via in their order; From, Call-ID and CSeq as they came.
        for (int i = 0; i < request.vias().size(); i++) {
            String via = request.vias().get(i);
            line(head, "Via", i == 0 ? withSource(via, source) : via);
        }
        line(head, "From", request.from());
        line(head, "To", withTag(request.to(), request.mark()));
        line(head, "Call-ID", request.callId());
        line(head, "CSeq", request.cSeq());
        line(head, SipRequest.MARK, request.mark());
        line(head, "Content-Type", "application/octet-stream");
        line(head, "Content-Encoding", "deflate");
        line(head, "Content-Length", String.valueOf(bodyLength));
        return head.append("\r\n").toString();
    }

    /** RFC 3581 §4: rport gets the source port and, with it, received the source address, even if Via says the same. */
    private static String withSource(String via, TransportAddress source) {
        Matcher rport = RPORT.matcher(via);
        return rport.find()
                ? via.substring(0, rport.start()) + ";received=" + source.ip() + ";rport=" + source.port()
                        + via.substring(rport.end())
                : via + ";received=" + source.ip();
    }

    private static String withTag(String to, String mark) {
        return to.contains(";tag=") ? to : to + ";tag=" + mark.substring(0, TAG_DIGITS);
    }

    private static void line(StringBuilder head, String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
    }
}
