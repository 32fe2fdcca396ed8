package dev.culvert.probe;

import dev.culvert.ice.vertx.PacketTap;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Prints every message, decoded. */
final class MessageTrace implements PacketTap {
    private static final Pattern SIP_START = Pattern.compile("SIP/2\\.0 |OPTIONS |INVITE ");

    private final Console console;

    MessageTrace(Console console) {
        this.console = console;
    }

    @Override
    public void onMessage(
            Direction direction,
            Transport transport,
            TransportAddress local,
            TransportAddress remote,
            ByteBuffer bytes) {
        String arrow = direction == Direction.SENT ? " → " : " ← ";
        console.trace(transport + " " + local + arrow + remote + "\n" + text(bytes));
    }

    private static String text(ByteBuffer bytes) {
        String sip = StandardCharsets.ISO_8859_1.decode(bytes.duplicate()).toString();
        if (!SIP_START.matcher(sip).lookingAt()) {
            return MessageText.of(bytes);
        }
        // The body of an answer is compressed.
        String shown = sip.startsWith("SIP/2.0") ? sip.substring(0, Math.max(0, sip.indexOf("\r\n\r\n"))) : sip;
        return shown.lines().map(line -> "  " + line + "\n").collect(Collectors.joining());
    }
}
