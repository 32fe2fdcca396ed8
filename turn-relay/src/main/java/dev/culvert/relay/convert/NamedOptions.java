package dev.culvert.relay.convert;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is said of coturn's options that have no counterpart, or need none. */
final class NamedOptions {
    private static final String RESOURCE = "named-options.txt";
    private static final Map<String, String> WORDS = read();

    private NamedOptions() {}

    /** Says something of every line that nothing was said of before. */
    static void convert(CoturnFile in, Draft draft) {
        for (CoturnLine line : in.all()) {
            if (!draft.isSettled(line)) {
                draft.remark(List.of(line), words(line));
            }
        }
    }

    private static String words(CoturnLine line) {
        Optional<String> known = Optional.ofNullable(WORDS.get(line.name()));
        if (known.isEmpty()) {
            return "no option that this program knows of coturn; nothing was made of it";
        }
        return !line.value().isEmpty() && line.isOff() ? "switched off there, so nothing is lost" : known.get();
    }

    private static Map<String, String> read() {
        try (InputStream stream = NamedOptions.class.getResourceAsStream(RESOURCE)) {
            if (stream == null) {
                throw new IllegalStateException(RESOURCE + " is missing from the class path");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split("; ", 2))
                    .collect(Collectors.toUnmodifiableMap(fields -> fields[0], fields -> fields[1]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
