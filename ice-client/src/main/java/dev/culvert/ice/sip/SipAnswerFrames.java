package dev.culvert.ice.sip;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Collects the one answer that is awaited on a connection (RFC 3261 §18.3). Mutable, owned by one thread. */
public final class SipAnswerFrames {
    private static final int MAX_BYTES = 16_384;
    private static final String HEAD_END = "\r\n\r\n";

    private final ByteArrayOutputStream collected = new ByteArrayOutputStream();

    /** Makes one that has seen nothing. */
    public SipAnswerFrames() {}

    /** Takes the next bytes; returns the answer once it is whole. What is longer than any answer is never whole. */
    public Optional<byte[]> feed(byte[] bytes) {
        if (collected.size() + bytes.length > MAX_BYTES) {
            return Optional.empty();
        }
        collected.writeBytes(bytes);
        String text = collected.toString(StandardCharsets.ISO_8859_1);
        int headEnd = text.indexOf(HEAD_END);
        if (headEnd < 0) {
            return Optional.empty();
        }
        int length = headEnd
                + HEAD_END.length()
                + SipText.parse(text)
                        .header("content-length")
                        .filter(value -> value.matches("[0-9]{1,5}"))
                        .map(Integer::parseInt)
                        .orElse(0);
        return text.length() < length ? Optional.empty() : Optional.of(Arrays.copyOf(collected.toByteArray(), length));
    }
}
