package dev.culvert.testkit.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documentation.
 *
 * @param name its path in the repository, for example {@code docs/logs.md}
 * @param blocks its fenced blocks and preparing comments, in order
 */
public record DocPage(String name, List<DocBlock> blocks) {
    private static final Pattern FENCE = Pattern.compile("```\\s*(\\S*)\\s*");
    private static final Pattern MARK = Pattern.compile("<!-- example: (.*) -->");
    private static final Pattern HOST = Pattern.compile("<!-- examples: on (\\S+) -->");
    private static final Pattern BEFORE = Pattern.compile("<!-- before(?: on (\\S+))?");

    /** The pages of the repository at {@code root}: its own, those of docs/ and of the modules. */
    public static List<DocPage> all(Path root) {
        try (Stream<Path> files = Files.walk(root, 2)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .map(file -> read(root, file))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The page in {@code file}, which is in the repository at {@code root}. */
    public static DocPage read(Path root, Path file) {
        try {
            return parse(root.relativize(file).toString(), Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The page of that name and text. Console blocks below a line {@code <!-- examples: on HOST -->} are run on that host. Fails
     * where a block does not say what is to be done with it.
     */
    public static DocPage parse(String name, String text) {
        List<String> lines = text.lines().toList();
        List<DocBlock> blocks = new ArrayList<>();
        String host = Mark.SERVER;
        for (int i = 0; i < lines.size(); i++) {
            Matcher hostOfAll = HOST.matcher(lines.get(i));
            host = hostOfAll.matches() ? hostOfAll.group(1) : host;
            Matcher before = BEFORE.matcher(lines.get(i));
            Matcher fence = FENCE.matcher(lines.get(i));
            String place = name + ":" + (i + 1);
            if (before.matches()) {
                int end = end(lines, i + 1, "-->", place);
                String where = before.group(1) == null ? host : before.group(1);
                blocks.add(new DocBlock(place, new Mark.Before(where), text(lines.subList(i + 1, end))));
                i = end;
            } else if (fence.matches()) {
                int end = end(lines, i + 1, "```", place);
                Mark mark = mark(place, i == 0 ? "" : lines.get(i - 1), fence.group(1), host);
                blocks.add(new DocBlock(place, mark, text(lines.subList(i + 1, end))));
                i = end;
            }
        }
        return new DocPage(name, List.copyOf(blocks));
    }

    private static int end(List<String> lines, int from, String last, String place) {
        int length = lines.subList(from, lines.size()).indexOf(last);
        if (length < 0) {
            throw new IllegalArgumentException(place + ": no line \"" + last + "\" ends it");
        }
        return from + length;
    }

    private static Mark mark(String place, String lineAbove, String language, String host) {
        Matcher marked = MARK.matcher(lineAbove);
        try {
            return marked.matches() ? Mark.parse(marked.group(1)) : Mark.ofLanguage(language, host);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(place + ": " + e.getMessage(), e);
        }
    }

    private static String text(List<String> lines) {
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }
}
