package dev.culvert.probe;

import dev.culvert.stun.ChannelData;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A message made readable.
 *
 * @param origin frame, time and endpoints; empty where they are not known
 * @param summary what kind of message it is, or what is wrong with it
 * @param fields its attributes
 * @param notes what was found out about its fingerprint and integrity
 * @param isWellFormed whether it could be read
 */
record DecodedMessage(
        String origin, String summary, List<MessageText.Field> fields, List<String> notes, boolean isWellFormed) {

    /** Reads one STUN or ChannelData message. */
    static DecodedMessage of(
            String origin, ByteBuffer bytes, Set<TransportAddress> pair, Optional<IntegrityText> integrity) {
        // RFC 5766 §11: the first two bits tell ChannelData (01) from STUN (00).
        if (bytes.hasRemaining() && (bytes.get(bytes.position()) & 0xC0) == 0x40) {
            return ofChannelData(origin, bytes);
        }
        StunMessage message = new StunMessage();
        Malformation malformation = message.wrap(bytes);
        if (malformation != Malformation.NONE) {
            return malformed(origin, "not a STUN message: " + malformation.meaning());
        }
        List<String> notes = new ArrayList<>();
        switch (message.checkFingerprint()) {
            case ABSENT -> {}
            case VALID -> notes.add("fingerprint: valid");
            case INVALID -> notes.add("fingerprint: NOT valid");
        }
        integrity.flatMap(check -> check.check(message, pair)).ifPresent(result -> notes.add("integrity: " + result));
        return new DecodedMessage(origin, MessageText.header(message), MessageText.fields(message), notes, true);
    }

    private static DecodedMessage ofChannelData(String origin, ByteBuffer bytes) {
        ChannelData data = new ChannelData();
        Malformation malformation = data.wrap(bytes);
        if (malformation != Malformation.NONE) {
            return malformed(origin, "not ChannelData: " + malformation.meaning());
        }
        byte[] payload = new byte[data.lengthBytes()];
        data.payload().get(payload);
        String hex = HexFormat.of().formatHex(payload);
        return new DecodedMessage(origin, MessageText.header(data), List.of(), List.of("data: " + hex), true);
    }

    private static DecodedMessage malformed(String origin, String summary) {
        return new DecodedMessage(origin, summary, List.of(), List.of(), false);
    }
}
