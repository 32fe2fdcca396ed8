package dev.culvert.relay.convert;

import dev.culvert.server.config.ConfigText;
import dev.culvert.server.config.Setting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The configuration of this server as it comes into being: settings, and what is to be said about them. */
final class Draft {
    private static final int WIDTH = 118;

    private final List<String> entries = new ArrayList<>();
    private final Set<CoturnLine> settled = new LinkedHashSet<>();
    private final Map<String, List<CoturnLine>> remarks = new LinkedHashMap<>();
    private final List<String> differences = new ArrayList<>();
    private boolean isSecret;

    /** Gives {@code setting} the values {@code texts}, because of {@code lines}; {@code changes} tell what is different. */
    void put(Setting<?> setting, List<String> texts, List<CoturnLine> lines, String... changes) {
        List<String> said = new ArrayList<>();
        String source = lines.isEmpty() ? "Not in the file, as coturn has it by itself" : CoturnFile.naming(lines);
        said.add(source + (changes.length == 0 ? "" : ":"));
        said.addAll(Arrays.asList(changes));
        entries.add(comment(String.join(" ", said)) + ConfigText.entry(setting, texts) + "\n");
        settled.addAll(lines);
        isSecret |= setting.secret();
    }

    /** Says {@code words} about lines that have no counterpart; {@code words} hold nothing out of the file. */
    void remark(List<CoturnLine> lines, String words) {
        lines.stream()
                .filter(settled::add)
                .forEach(line -> remarks.computeIfAbsent(shown(line.name()) + ": " + words, unused -> new ArrayList<>())
                        .add(line));
    }

    /** A name that may stand in a comment: a file can hold anything where an option's name should be. */
    private static String shown(String name) {
        return name.matches("[A-Za-z0-9_-]{1,64}") ? name : "?";
    }

    /** Says that something is different although no line says so. */
    void difference(String words) {
        differences.add(words);
    }

    /** Whether something was said about {@code line}. */
    boolean isSettled(CoturnLine line) {
        return settled.contains(line);
    }

    /** The file. */
    String text() {
        StringBuilder yaml = new StringBuilder();
        yaml.append(comment("Configuration of turn-relay, made of coturn's by \"turn-relay convert\"."));
        if (isSecret) {
            yaml.append(comment("It holds passwords or secrets: nobody but the server may read it (chmod 600, and owned"
                    + " by the user that the server runs as)."));
        }
        yaml.append(comment("Read the remarks, then try it: turn-relay check --config FILE, turn-relay doctor --config"
                + " FILE."));
        entries.forEach(entry -> yaml.append('\n').append(entry));
        section(
                yaml,
                "Without counterpart, or nothing to be set:",
                remarks.entrySet().stream()
                        .map(remark -> numbers(remark.getValue()) + ", " + remark.getKey())
                        .toList());
        section(yaml, "Different without a line that says so:", differences);
        return yaml.toString();
    }

    private static void section(StringBuilder yaml, String title, List<String> items) {
        if (!items.isEmpty()) {
            yaml.append('\n').append(comment(title));
            items.forEach(item -> yaml.append(comment("- " + item)));
        }
    }

    private static String numbers(List<CoturnLine> lines) {
        return (lines.size() == 1 ? "line " : "lines ")
                + lines.stream().map(line -> String.valueOf(line.number())).collect(Collectors.joining(", "));
    }

    /** Lines of a comment that are no longer than a screen is wide. */
    private static String comment(String words) {
        StringBuilder lines = new StringBuilder();
        String indent = words.startsWith("- ") ? "#   " : "# ";
        String line = "#";
        for (String word : words.split(" ")) {
            if (line.length() + 1 + word.length() > WIDTH) {
                lines.append(line).append('\n');
                line = indent + word;
                continue;
            }
            line += " " + word;
        }
        return lines.append(line).append('\n').toString();
    }
}
