package dev.culvert.testkit.docs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.testkit.SchemaCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Compares blocks that are not run with the files of the repository, and tells what is wrong with them. */
public final class BlockCheck {
    private static final Pattern IN_JAVADOC = Pattern.compile("<pre>\\{@code\n(.*?)\n[ *]*}</pre>", Pattern.DOTALL);

    private final Path root;
    private final Map<Path, String> sources = new HashMap<>();

    /** @param root of the repository */
    public BlockCheck(Path root) {
        this.root = root;
        try (Stream<Path> modules = Files.list(root)) {
            for (Path module : modules.toList()) {
                readSources(module.resolve("src").resolve("main").resolve("java"));
                readSources(module.resolve("src").resolve("test").resolve("java"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void readSources(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                sources.put(file, Files.readString(file));
            }
        }
    }

    /** What is wrong with a block of the page {@code pageName}, in words; nothing of one that is run or not to be run. */
    public Optional<String> problem(String pageName, DocBlock block) {
        return problem(pageName, block.mark(), block).map(words -> block.place() + ": " + words);
    }

    private Optional<String> problem(String pageName, Mark mark, DocBlock block) {
        if (mark instanceof Mark.PartOf part) {
            return partOf(part.file(), block.text());
        }
        if (mark instanceof Mark.Schema schema) {
            return schema(schema.file(), block.text());
        }
        if (mark instanceof Mark.HeldBy held) {
            return heldBy(held.test(), pageName);
        }
        return mark instanceof Mark.ExcerptOf excerpt ? excerptOf(excerpt.page(), block) : Optional.empty();
    }

    private Optional<String> partOf(String file, String text) {
        if (file.isEmpty()) {
            return isInASource(text) ? Optional.empty() : Optional.of("no Java source has these lines:\n" + text);
        }
        Path whole = root.resolve(file);
        if (!Files.isRegularFile(whole)) {
            return Optional.of("there is no file " + file);
        }
        return holds(read(whole), text) ? Optional.empty() : Optional.of(file + " does not have these lines:\n" + text);
    }

    /** Whether a source of the repository has these lines, other than in a comment. */
    public boolean isInASource(String example) {
        return sources.values().stream()
                .anyMatch(source -> holds(IN_JAVADOC.matcher(source).replaceAll(""), example));
    }

    /** The examples in the Javadoc of a source file, without the stars at the beginnings of lines. */
    public static List<String> javadocExamples(Path source) {
        return IN_JAVADOC
                .matcher(read(source))
                .results()
                .map(found -> found.group(1).replaceAll("(?m)^ +\\* ?", "").stripIndent())
                .toList();
    }

    /** Whether {@code part} stands in {@code whole}, however far it is indented; a line {@code …} stands for any lines. */
    static boolean holds(String whole, String part) {
        List<String> rest = whole.lines().toList();
        for (List<String> piece : pieces(part)) {
            int end = endOf(piece, rest);
            if (end < 0) {
                return false;
            }
            rest = rest.subList(end, rest.size());
        }
        return true;
    }

    private static List<List<String>> pieces(String part) {
        List<List<String>> pieces = new ArrayList<>(List.of(new ArrayList<>()));
        for (String line : part.lines().toList()) {
            if (line.strip().equals("…")) {
                pieces.add(new ArrayList<>());
            } else {
                pieces.get(pieces.size() - 1).add(line);
            }
        }
        return pieces;
    }

    private static int endOf(List<String> piece, List<String> lines) {
        List<String> wanted = evened(piece);
        for (int i = 0; i + wanted.size() <= lines.size(); i++) {
            if (evened(lines.subList(i, i + wanted.size())).equals(wanted)) {
                return i + wanted.size();
            }
        }
        return -1;
    }

    private static List<String> evened(List<String> lines) {
        return String.join("\n", lines).stripIndent().lines().toList();
    }

    private Optional<String> schema(String file, String text) {
        try {
            ObjectMapper mapper = new ObjectMapper();
            var value = mapper.readTree(text);
            if (file.isEmpty()) {
                return Optional.empty();
            }
            Path schema = root.resolve("docs").resolve("schema").resolve(file);
            List<String> problems = SchemaCheck.problems(mapper.readTree(read(schema)), value);
            return problems.isEmpty() ? Optional.empty() : Optional.of(file + ": " + problems);
        } catch (JsonProcessingException e) {
            return Optional.of("is no JSON: " + e.getOriginalMessage());
        }
    }

    private Optional<String> heldBy(String test, String pageName) {
        String page = Path.of(pageName).getFileName().toString();
        Optional<String> source = sources.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(test + ".java"))
                .map(Map.Entry::getValue)
                .findFirst();
        if (source.isEmpty()) {
            return Optional.of("there is no test " + test);
        }
        return source.get().contains(page) ? Optional.empty() : Optional.of(test + " does not name " + page);
    }

    private Optional<String> excerptOf(String pageName, DocBlock block) {
        DocPage page = DocPage.read(root, root.resolve(pageName));
        List<ConsoleStep> whole = page.blocks().stream()
                .filter(other -> other.mark() instanceof Mark.Run)
                .flatMap(other -> other.steps().stream())
                .toList();
        for (ConsoleStep step : block.steps()) {
            ShownText shown = new ShownText(step.shown());
            if (whole.stream().noneMatch(other -> words(other).equals(words(step)) && shown.matches(other.shown()))) {
                return Optional.of(pageName + " does not show this: " + step.command() + "\n" + step.shown());
            }
        }
        return Optional.empty();
    }

    /** A command without the remark behind it, and without {@code bin/} before the program. */
    private static String words(ConsoleStep step) {
        return step.command().replaceFirst(" +# .*$", "").replaceFirst("^bin/", "");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
