package dev.culvert.ice.sip;

import dev.culvert.stun.TransportAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The answer of a reflector.
 *
 * @param source where the server saw the request come from
 * @param received the request as it arrived there
 * @param via the sent-by of the topmost Via of the answer; empty where it has none
 * @param viaSource {@code received} and {@code rport} of that Via (RFC 3581 §4); empty where one is missing
 */
public record SipAnswer(
        TransportAddress source, String received, Optional<String> via, Optional<TransportAddress> viaSource) {
    private static final String SOURCE = "Source: ";
    private static final String LINE_END = "\r\n";

    /** No request of ours, nor what an ALG makes of it, comes near it: more is a trick. */
    private static final int MAX_INFLATED_BYTES = 16_384;

    /** The answer with this mark in {@code bytes}; empty where they are something else, or damaged. */
    public static Optional<SipAnswer> read(byte[] bytes, String mark) {
        SipText text = SipText.parse(new String(bytes, StandardCharsets.ISO_8859_1));
        boolean ours = text.startLine().startsWith("SIP/2.0 ")
                && text.header("x-culvert-probe").filter(mark::equals).isPresent();
        return ours ? inflated(text.body()).flatMap(plain -> ofBody(plain, text)) : Optional.empty();
    }

    private static Optional<SipAnswer> ofBody(String plain, SipText text) {
        int lineEnd = plain.indexOf(LINE_END);
        if (lineEnd < 0 || !plain.startsWith(SOURCE)) {
            return Optional.empty();
        }
        String request = plain.substring(lineEnd + LINE_END.length());
        return TransportAddress.parse(plain.substring(SOURCE.length(), lineEnd))
                .map(source -> new SipAnswer(source, request, text.at(SipPlace.ANSWER_VIA), viaSource(text)));
    }

    private static Optional<TransportAddress> viaSource(SipText text) {
        return text.viaParameter("received")
                .flatMap(ip -> text.viaParameter("rport")
                        .flatMap(port ->
                                TransportAddress.parse(ip.contains(":") ? "[" + ip + "]:" + port : ip + ":" + port)));
    }

    private static Optional<String> inflated(String body) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(body.getBytes(StandardCharsets.ISO_8859_1));
            byte[] plain = new byte[MAX_INFLATED_BYTES];
            int length = inflater.inflate(plain);
            return inflater.finished()
                    ? Optional.of(new String(plain, 0, length, StandardCharsets.ISO_8859_1))
                    : Optional.empty();
        } catch (DataFormatException e) {
            return Optional.empty();
        } finally {
            inflater.end();
        }
    }
}
