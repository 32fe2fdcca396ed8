package dev.culvert.ice.sip;

import dev.culvert.stun.TransportAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.zip.Deflater;

/**
 * A NAT with an ALG, and a reflector behind it: what a request becomes on the way, and what an answer becomes on the way
 * back. As the real one, it does not answer with more bytes than it got.
 */
record ScriptedReflector(TransportAddress source, UnaryOperator<String> onTheWay, UnaryOperator<String> onTheWayBack) {
    static final TransportAddress LOCAL = address("192.168.7.2:40123");
    static final TransportAddress PUBLIC = address("203.0.113.10:40123");
    static final TransportAddress SERVER = address("203.0.113.1:5060");

    /** No ALG. */
    static ScriptedReflector behindPlainNat() {
        return new ScriptedReflector(PUBLIC, UnaryOperator.identity(), UnaryOperator.identity());
    }

    static ScriptedReflector behind(UnaryOperator<String> onTheWay) {
        return new ScriptedReflector(PUBLIC, onTheWay, UnaryOperator.identity());
    }

    ScriptedReflector back(UnaryOperator<String> change) {
        return new ScriptedReflector(source, onTheWay, change);
    }

    static TransportAddress address(String text) {
        return TransportAddress.parse(text).orElseThrow();
    }

    /** The answer as it reaches the client. */
    byte[] answer(byte[] request) {
        String arrived = onTheWay.apply(new String(request, StandardCharsets.ISO_8859_1));
        SipText parsed = SipText.parse(arrived);
        String via = parsed.header("via")
                .orElse("")
                .replace(";rport", ";received=" + source.ip() + ";rport=" + source.port());
        String body = new String(deflated("Source: " + source + "\r\n" + arrived), StandardCharsets.ISO_8859_1);
        String head = "SIP/2.0 200 OK\r\nVia: " + via + "\r\nX-Culvert-Probe: "
                + parsed.header("x-culvert-probe").orElse("") + "\r\nContent-Length: " + body.length() + "\r\n\r\n";
        return (onTheWayBack.apply(head) + body).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] deflated(String plain) {
        Deflater deflater = new Deflater();
        deflater.setInput(plain.getBytes(StandardCharsets.ISO_8859_1));
        deflater.finish();
        byte[] body = new byte[8_192];
        int length = deflater.deflate(body);
        deflater.end();
        return Arrays.copyOf(body, length);
    }
}
