package dev.culvert.server.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Settings in a file: one YAML or JSON object whose keys are the settings' names, a list for a repeatable one. */
public final class FileLayer {
    private static final Pattern YAML_LINE = Pattern.compile("line ([0-9]+), column");

    private final Path file;
    private final Settings settings;
    private final Problems problems;
    private final Layer layer = new Layer();

    private FileLayer(Path file, Settings settings, Problems problems) {
        this.file = file;
        this.settings = settings;
        this.problems = problems;
    }

    /**
     * Reads {@code file}; a name that ends in {@code .json} is read as JSON, any other as YAML.
     *
     * @param given how the file was named, for the message where it cannot be read
     */
    public static Layer read(Given given, Settings settings, Problems problems) {
        Path file = Path.of(given.text());
        FileLayer reader = new FileLayer(file, settings, problems);
        try {
            reader.read(Files.readString(file));
        } catch (JsonProcessingException e) {
            problems.add(unparsed(file, e));
        } catch (IOException e) {
            problems.add(new Problem(given.where(), given.text(), unreadable(e), "name a readable file"));
        }
        return reader.layer;
    }

    /** Reads {@code text} as if it were the YAML file {@code name}. */
    public static Layer read(String name, String text, Settings settings, Problems problems) {
        FileLayer reader = new FileLayer(Path.of(name), settings, problems);
        try {
            reader.read(text);
        } catch (JsonProcessingException e) {
            problems.add(unparsed(reader.file, e));
        } catch (IOException e) {
            throw new UncheckedIOException("text in memory", e);
        }
        return reader.layer;
    }

    /** Why a file could not be read, in words. */
    public static String unreadable(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (e instanceof CharacterCodingException) {
            return "is not UTF-8 text";
        }
        return e instanceof AccessDeniedException ? "no permission to read it" : "cannot be read (" + e + ")";
    }

    private static Problem unparsed(Path file, JsonProcessingException e) {
        String text = e.getOriginalMessage();
        // The parser's own location is behind what it stumbled over; the last one in the message is that.
        String line = YAML_LINE
                .matcher(text)
                .results()
                .reduce((first, second) -> second)
                .map(match -> match.group(1))
                .orElseGet(() -> String.valueOf(e.getLocation().getLineNr()));
        String reason = text.lines()
                .filter(each -> !each.isEmpty() && !each.startsWith(" ")) // what is indented quotes the file
                .collect(Collectors.joining(", "));
        return new Problem(file + ":" + line, "", reason, "write key: value lines (YAML) or one JSON object");
    }

    private void read(String text) throws IOException {
        JsonFactory format = file.toString().endsWith(".json") ? new JsonFactory() : new YAMLFactory();
        try (JsonParser parser = format.createParser(text)) {
            JsonToken first = parser.nextToken();
            if (first == null || first == JsonToken.VALUE_NULL) {
                return; // nothing but comments
            }
            if (first != JsonToken.START_OBJECT) {
                problems.add(new Problem(at(parser), "", "no keys", "write key: value lines"));
                return;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                readSetting(parser);
            }
            if (parser.nextToken() != null) {
                problems.add(new Problem(at(parser), "", "a second document", "write one per file"));
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // a marker, not a value
    private void readSetting(JsonParser parser) throws IOException {
        String key = parser.currentName();
        String where = at(parser) + ": " + key;
        List<Given> values = readValues(parser, key);
        if (settings.find(key).isEmpty()) {
            problems.add(new Problem(
                    where,
                    "",
                    "no such setting",
                    Nearest.suggestion(key, settings.names(), "config --example lists the settings")));
            return;
        }
        if (values != UNREADABLE) {
            layer.put(settings, key, values, problems);
        }
    }

    private static final List<Given> UNREADABLE = List.of(new Given("", ""));

    /** The scalar or the scalars at the parser's next token; {@link #UNREADABLE} with a problem noted for all else. */
    private List<Given> readValues(JsonParser parser, String key) throws IOException {
        JsonToken token = parser.nextToken();
        if (isValue(token)) {
            return List.of(new Given(parser.getText(), at(parser) + ": " + key));
        }
        if (token != JsonToken.START_ARRAY) {
            return refuse(parser, key);
        }
        List<Given> items = new ArrayList<>();
        boolean sound = true;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (!isValue(parser.currentToken())) {
                sound = false;
                refuse(parser, key);
                continue;
            }
            items.add(new Given(parser.getText(), at(parser) + ": " + key));
        }
        return sound ? items : UNREADABLE;
    }

    private static boolean isValue(JsonToken token) {
        return token.isScalarValue() && token != JsonToken.VALUE_NULL;
    }

    private List<Given> refuse(JsonParser parser, String key) throws IOException {
        boolean empty = parser.currentToken() == JsonToken.VALUE_NULL;
        problems.add(new Problem(
                at(parser) + ": " + key,
                "",
                empty ? "has no value" : "holds a nested object",
                empty ? "remove the line or give one" : "write a value or a list of values"));
        parser.skipChildren();
        return UNREADABLE;
    }

    private String at(JsonParser parser) {
        return file + ":" + parser.currentTokenLocation().getLineNr();
    }
}
