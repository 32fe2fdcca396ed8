package dev.culvert.server.core;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Requests as a probe sends them, and what can be read out of an answer. */
public final class SipRequests {
    public static final String MARK = "00112233445566778899aabbccddeeff";

    private static final String SDP =
            "v=0\r\no=- 1 1 IN IP4 192.168.7.2\r\ns=-\r\nc=IN IP4 192.168.7.2\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n";

    private SipRequests() {}

    public static String options(int paddingBytes) {
        return head("OPTIONS", "X-Culvert-Padding: " + "0".repeat(paddingBytes) + "\r\nContent-Length: 0\r\n");
    }

    public static String invite(int paddingBytes) {
        return head(
                        "INVITE",
                        "X-Culvert-Padding: " + "0".repeat(paddingBytes)
                                + "\r\nContent-Type: application/sdp\r\nContent-Length: " + SDP.length() + "\r\n")
                + SDP;
    }

    private static String head(String method, String more) {
        return method + " sip:probe@203.0.113.1 SIP/2.0\r\n"
                + "Via: SIP/2.0/UDP 192.168.7.2:40123;branch=z9hG4bK1;rport\r\n"
                + "Max-Forwards: 70\r\n"
                + "From: <sip:probe@culvert.invalid>;tag=1\r\n"
                + "To: <sip:probe@203.0.113.1>\r\n"
                + "Call-ID: " + MARK + "\r\n"
                + "CSeq: 1 " + method + "\r\n"
                + "Contact: <sip:probe@192.168.7.2:40123>\r\n"
                + "X-Culvert-Probe: " + MARK + "\r\n"
                + more + "\r\n";
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    public static String head(byte[] answer) {
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        return text.substring(0, text.indexOf("\r\n\r\n") + 2);
    }

    /** What the body of an answer says. */
    public static String echo(byte[] answer) throws DataFormatException {
        int bodyStart = head(answer).length() + 2;
        Inflater inflater = new Inflater();
        inflater.setInput(Arrays.copyOfRange(answer, bodyStart, answer.length));
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        byte[] part = new byte[8192];
        for (int count = inflater.inflate(part); count > 0; count = inflater.inflate(part)) {
            plain.write(part, 0, count);
        }
        inflater.end();
        return plain.toString(StandardCharsets.ISO_8859_1);
    }
}
