package dev.culvert.ice.sip;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A SIP message taken apart without judging it (RFC 3261 §7): what arrived may have been damaged on the way.
 *
 * @param startLine the first line
 * @param headers the headers as lines, in their order
 * @param body what follows the empty line
 */
record SipText(String startLine, List<String> headers, String body) {
    private static final String HEAD_END = "\r\n\r\n";

    /** RFC 3261 §20.42: the transport, then host and port, then parameters. */
    private static final Pattern SENT_BY = Pattern.compile("SIP\\s*/\\s*2\\.0\\s*/\\s*\\w+\\s+([^\\s;,]+)");

    /** RFC 3261 §19.1.1: user, then host and port, then parameters. */
    private static final Pattern URI_HOST = Pattern.compile("sips?:(?:[^@>]*@)?([^\\s;>?]+)");

    private static final Pattern SDP_ADDRESS = Pattern.compile("(?:^|.* )IN IP[46] (\\S+)");
    private static final Pattern SDP_PORT = Pattern.compile("\\w+ (\\d+)\\b.*");

    private static final Map<String, String> COMPACT = Map.of(
            "v",
            "via",
            "f",
            "from",
            "t",
            "to",
            "i",
            "call-id",
            "m",
            "contact",
            "c",
            "content-type",
            "l",
            "content-length");

    SipText {
        headers = List.copyOf(headers);
    }

    static SipText parse(String message) {
        int headEnd = message.indexOf(HEAD_END);
        String head = headEnd < 0 ? message : message.substring(0, headEnd);
        String body = headEnd < 0 ? "" : message.substring(headEnd + HEAD_END.length());
        List<String> lines = new ArrayList<>(List.of(head.split("\r\n", -1)));
        return new SipText(lines.remove(0), lines, body);
    }

    /** The value of the first header of this name, which is written in lower case. */
    Optional<String> header(String name) {
        return headers.stream()
                .filter(line -> nameOf(line).equals(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
    }

    /** The full name of the header in {@code line}, in lower case; empty where there is none. */
    static String nameOf(String line) {
        int colon = line.indexOf(':');
        String name = colon < 0 ? "" : line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        return COMPACT.getOrDefault(name, name);
    }

    List<String> sdpLines() {
        return body.isEmpty() ? List.of() : List.of(body.split("\r?\n"));
    }

    /** What stands at {@code place}; empty where it is missing or cannot be read. */
    Optional<String> at(SipPlace place) {
        return switch (place) {
            case VIA, ANSWER_VIA -> header("via").flatMap(via -> find(SENT_BY, via));
            case CONTACT -> header("contact").flatMap(contact -> find(URI_HOST, contact));
            case ORIGIN -> sdp("o=", SDP_ADDRESS);
            case CONNECTION -> sdp("c=", SDP_ADDRESS);
            case MEDIA -> sdp("m=", SDP_PORT);
            case CONTENT_LENGTH -> header("content-length");
            case OTHER, ANSWER_SOURCE -> Optional.empty();
        };
    }

    /** The line in which {@code place} stands begins so; empty for places that are no line. */
    static String lineOf(SipPlace place) {
        return switch (place) {
            case VIA -> "via";
            case CONTACT -> "contact";
            case CONTENT_LENGTH -> "content-length";
            case ORIGIN, CONNECTION, MEDIA -> place.text();
            case OTHER, ANSWER_VIA, ANSWER_SOURCE -> "";
        };
    }

    /** The value of a parameter of the topmost Via. */
    Optional<String> viaParameter(String name) {
        Pattern pattern = Pattern.compile("(?i);\\s*" + name + "\\s*=\\s*([^\\s;,]+)");
        return header("via").flatMap(via -> find(pattern, via));
    }

    private Optional<String> sdp(String prefix, Pattern pattern) {
        return sdpLines().stream()
                .filter(line -> line.startsWith(prefix))
                .findFirst()
                .flatMap(line -> find(pattern, line.substring(prefix.length())));
    }

    private static Optional<String> find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
