package dev.culvert.server.core;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A marked SIP request, as far as a reflector has to read it (RFC 3261 §7).
 *
 * @param method {@code OPTIONS} or {@code INVITE}
 * @param vias the values of the Via headers, the topmost first; at least one
 * @param from the value of From
 * @param to the value of To
 * @param callId the value of Call-ID
 * @param cSeq the value of CSeq
 * @param mark 32 lower-case hexadecimal digits that the probe made up
 */
record SipRequest(String method, List<String> vias, String from, String to, String callId, String cSeq, String mark) {
    /** The header that marks a request as one of a probe. */
    static final String MARK = "X-Culvert-Probe";

    private static final String HEAD_END = "\r\n\r\n";
    private static final Pattern START_LINE = Pattern.compile("(OPTIONS|INVITE) sips?:[!-~]+ SIP/2\\.0");
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08\\x0a-\\x1f\\x7f]");
    private static final Pattern NONCE = Pattern.compile("[0-9a-f]{32}");

    /** RFC 3261 §7.3.3: the short forms of the headers that matter here. */
    private static final Map<String, String> COMPACT =
            Map.of("v", "via", "f", "from", "t", "to", "i", "call-id", "c", "content-type", "l", "content-length");

    SipRequest {
        vias = List.copyOf(vias);
    }

    /** Whether these bytes begin as a request does that might be answered. */
    static boolean startsAsRequest(ByteBuffer bytes, int offset, int lengthBytes) {
        if (lengthBytes < 8) {
            return false;
        }
        long first = bytes.getLong(offset);
        return first == 0x4F5054494F4E5320L || first >>> 8 == 0x494E5649544520L; // "OPTIONS ", "INVITE "
    }

    /** The full name, in lower case, of a header as it stands in a message. */
    static String headerName(String written) {
        String name = written.strip().toLowerCase(Locale.ROOT);
        return COMPACT.getOrDefault(name, name);
    }

    /** Reads a whole message; empty where it is no marked request, or anything about it is odd. */
    static Optional<SipRequest> parse(ByteBuffer bytes, int offset, int lengthBytes) {
        byte[] copy = new byte[lengthBytes];
        bytes.get(offset, copy);
        String text = new String(copy, StandardCharsets.ISO_8859_1);
        int headEnd = text.indexOf(HEAD_END);
        if (headEnd < 0) {
            return Optional.empty();
        }
        String[] lines = text.substring(0, headEnd).split("\r\n", -1);
        boolean hasBody = headEnd + HEAD_END.length() < text.length();
        return START_LINE.matcher(lines[0]).matches() ? ofLines(lines, hasBody) : Optional.empty();
    }

    private static Optional<SipRequest> ofLines(String[] lines, boolean hasBody) {
        Map<String, List<String>> headers = new TreeMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            // A control character would get into the answer; a folded line begins with a space, and no probe folds.
            if (colon < 1
                    || lines[i].charAt(0) <= ' '
                    || CONTROL.matcher(lines[i]).find()) {
                return Optional.empty();
            }
            headers.computeIfAbsent(headerName(lines[i].substring(0, colon)), name -> new ArrayList<>())
                    .add(lines[i].substring(colon + 1).strip());
        }
        String method = lines[0].substring(0, lines[0].indexOf(' '));
        return isComplete(headers, method, hasBody)
                ? Optional.of(new SipRequest(
                        method,
                        values(headers, "via"),
                        values(headers, "from").get(0),
                        values(headers, "to").get(0),
                        values(headers, "call-id").get(0),
                        values(headers, "cseq").get(0),
                        values(headers, MARK.toLowerCase(Locale.ROOT)).get(0)))
                : Optional.empty();
    }

    private static boolean isComplete(Map<String, List<String>> headers, String method, boolean hasBody) {
        // RFC 3261 §8.1.1: a request has at least To, From, CSeq, Call-ID, Max-Forwards and Via.
        boolean mandatory = headers.containsKey("via")
                && isOnce(headers, "from", ".+")
                && isOnce(headers, "to", ".+")
                && isOnce(headers, "call-id", ".+")
                && isOnce(headers, "cseq", "[0-9]{1,10} +" + method);
        boolean marked = isOnce(headers, MARK.toLowerCase(Locale.ROOT), NONCE.pattern());
        boolean described = hasBody && isOnce(headers, "content-type", "(?i)application/sdp");
        return mandatory && marked && (method.equals("OPTIONS") || described);
    }

    private static boolean isOnce(Map<String, List<String>> headers, String name, String pattern) {
        List<String> values = values(headers, name);
        return values.size() == 1 && values.get(0).matches(pattern);
    }

    private static List<String> values(Map<String, List<String>> headers, String name) {
        return headers.getOrDefault(name, List.of());
    }
}
