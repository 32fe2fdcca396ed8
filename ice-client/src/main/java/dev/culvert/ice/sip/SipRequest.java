package dev.culvert.ice.sip;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * A request to a reflector, as a softphone on {@code local} would send it: with its own, maybe private, address in Via,
 * Contact and SDP, and with rport (RFC 3581).
 *
 * @param method what it asks for
 * @param transport what carries it
 * @param server where it goes
 * @param local the socket that it leaves from
 * @param mark 32 hexadecimal digits that nobody else knows, by which the answer is known
 * @param text the whole message, a character for each byte
 */
public record SipRequest(
        SipMethod method,
        SipTransport transport,
        TransportAddress server,
        TransportAddress local,
        String mark,
        String text) {
    /** The header that tells the reflector that this is a probe's. */
    static final String MARK = "X-Culvert-Probe";

    /** The answer may not be longer than the request, and needs up to 300 bytes more than an unpadded one has. */
    private static final int PADDING_LINES = 5;

    /** A long line of header is more than some middleboxes take. */
    private static final String PADDING = "X-Culvert-Padding: " + "0".repeat(55) + "\r\n";

    private static final int MARK_BYTES = 16;
    private static final int FIRST_MEDIA_PORT = 16_384;
    private static final int MEDIA_PORTS = 8_192;

    /** A new request with a mark of its own. */
    public static SipRequest create(
            SipMethod method,
            SipTransport transport,
            TransportAddress server,
            TransportAddress local,
            RandomGenerator random) {
        byte[] nonce = new byte[MARK_BYTES];
        random.nextBytes(nonce);
        String mark = HexFormat.of().formatHex(nonce);
        // RFC 3550 §11: RTP has an even port.
        int mediaPort = FIRST_MEDIA_PORT + 2 * random.nextInt(MEDIA_PORTS);
        String body = method == SipMethod.INVITE ? sdp(local.ip(), mediaPort) : "";
        String text = head(method, transport, server, local, mark, body) + body;
        return new SipRequest(method, transport, server, local, mark, text);
    }

    /** The message as it is sent. */
    public byte[] bytes() {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    SipText parsed() {
        return SipText.parse(text);
    }

    private static String head(
            SipMethod method,
            SipTransport transport,
            TransportAddress server,
            TransportAddress local,
            String mark,
            String body) {
        boolean tcp = transport == SipTransport.TCP;
        String domain = hostOf(server.ip());
        return method + " sip:nat-probe@" + server + (tcp ? ";transport=tcp" : "") + " SIP/2.0\r\n"
                // RFC 3261 §8.1.1.7: the branch begins so. RFC 3581 §3: rport without a value.
                + "Via: SIP/2.0/" + transport + " " + local + ";branch=z9hG4bK" + mark.substring(0, 16) + ";rport\r\n"
                + "Max-Forwards: 70\r\n"
                + "From: <sip:nat-probe@" + domain + ">;tag=" + mark.substring(16, 24) + "\r\n"
                + "To: <sip:nat-probe@" + domain + ">\r\n"
                + "Call-ID: " + mark + "\r\n"
                + "CSeq: 1 " + method + "\r\n"
                + "Contact: <sip:nat-probe@" + local + (tcp ? ";transport=tcp" : "") + ">\r\n"
                + MARK + ": " + mark + "\r\n"
                + PADDING.repeat(PADDING_LINES)
                + (body.isEmpty() ? "Accept: application/sdp\r\n" : "Content-Type: application/sdp\r\n")
                + "Content-Length: " + body.length() + "\r\n\r\n";
    }

    private static String sdp(IpAddress local, int mediaPort) {
        String address = "IN IP" + (local.isIpv4() ? "4 " : "6 ") + local + "\r\n";
        return "v=0\r\n"
                + "o=- " + mediaPort + " 1 " + address
                + "s=-\r\n"
                + "c=" + address
                + "t=0 0\r\n"
                + "m=audio " + mediaPort + " RTP/AVP 0 8\r\n"
                + "a=rtpmap:0 PCMU/8000\r\n"
                + "a=rtpmap:8 PCMA/8000\r\n"
                + "a=sendrecv\r\n";
    }

    private static String hostOf(IpAddress ip) {
        return ip.isIpv4() ? ip.toString() : "[" + ip + "]";
    }
}
