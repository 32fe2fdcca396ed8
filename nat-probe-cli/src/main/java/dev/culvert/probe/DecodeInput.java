package dev.culvert.probe;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Messages written as hexadecimal or base64 text, or as they are. */
final class DecodeInput {
    private DecodeInput() {}

    /** The messages in {@code input}: one in all, or one a line. */
    static List<ByteBuffer> messages(byte[] input) {
        if (!isText(input)) {
            return List.of(ByteBuffer.wrap(input));
        }
        String text = new String(input, StandardCharsets.US_ASCII);
        List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
        List<ByteBuffer> perLine = new ArrayList<>();
        for (String line : lines) {
            bytes(line).filter(DecodeInput::isWhole).ifPresent(perLine::add);
        }
        if (!lines.isEmpty() && perLine.size() == lines.size()) {
            return perLine;
        }
        return List.of(bytes(text)
                .orElseThrow(() -> new UsageException(
                        "the input is neither hexadecimal, base64, pcap nor pcapng; give one of these")));
    }

    private static boolean isText(byte[] input) {
        for (byte b : input) {
            if (b < 0x20 && b != '\n' && b != '\r' && b != '\t') {
                return false;
            }
        }
        return true;
    }

    /** Whether a length field says that a message ends where the bytes do. */
    private static boolean isWhole(ByteBuffer bytes) {
        return bytes.remaining() >= 4
                && (bytes.get(0) & 0xC0) == 0
                && bytes.remaining() == 20 + (bytes.getShort(2) & 0xFFFF);
    }

    private static Optional<ByteBuffer> bytes(String text) {
        String compact = text.replaceAll("0[xX]|[\\s:,]", "");
        if (compact.isEmpty()) {
            return Optional.empty();
        }
        if (compact.matches("([0-9a-fA-F]{2})+")) {
            return Optional.of(ByteBuffer.wrap(HexFormat.of().parseHex(compact)));
        }
        try {
            return Optional.of(ByteBuffer.wrap(Base64.getMimeDecoder().decode(compact)))
                    .filter(decoded -> compact.matches("[0-9a-zA-Z+/]+=*"));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
