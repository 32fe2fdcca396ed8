package dev.culvert.stun;

import dev.culvert.stun.integrity.IntegrityKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** What real programs sent, from {@code captured-messages.txt}. */
public final class CapturedMessages {
    /**
     * One packet.
     *
     * @param sender the program
     * @param description method and class, or {@code ChannelData}
     * @param keyText as the file describes it
     * @param bytes the UDP payload
     */
    public record Captured(String sender, String description, String keyText, Octets bytes) {
        boolean isChannelData() {
            return description.equals("ChannelData");
        }

        /** The key under which the message was protected; empty where it was not. */
        Optional<IntegrityKey> key() {
            String[] parts = keyText.split(" ", -1);
            return switch (parts[0]) {
                case "long" -> Optional.of(IntegrityKey.longTerm(parts[1], parts[2], parts[3]));
                case "short" -> Optional.of(IntegrityKey.shortTerm(parts[1]));
                default -> Optional.empty();
            };
        }

        @Override
        public String toString() {
            return sender + ": " + description;
        }
    }

    private CapturedMessages() {}

    public static List<Captured> all() {
        try (InputStream file = CapturedMessages.class.getResourceAsStream("captured-messages.txt")) {
            if (file == null) {
                throw new IllegalStateException("captured-messages.txt is missing");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(CapturedMessages::captured)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Captured captured(String line) {
        String[] fields = line.split("; ", -1);
        return new Captured(
                fields[0], fields[1], fields[2], Octets.of(HexFormat.of().parseHex(fields[3])));
    }
}
