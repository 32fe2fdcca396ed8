package dev.culvert.testkit.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One command of a console block.
 *
 * @param place page and line, for messages
 * @param command what is typed, of one line or several
 * @param shown what the page shows below it; empty where it shows nothing
 */
public record ConsoleStep(String place, String command, String shown) {
    private static final Pattern HERE_DOCUMENT = Pattern.compile("<<-?\\s*['\"]?(\\w+)['\"]?");

    /** Whether it goes on running: what it prints ends when it is ready. */
    public boolean isServer() {
        return shown.lines().anyMatch("ready"::equals);
    }

    /** The commands of a block: each begins with {@code $ }, and ends where neither its line nor its here-document goes on. */
    static List<ConsoleStep> of(String blockPlace, String text) {
        List<String> lines = text.lines().toList();
        List<ConsoleStep> steps = new ArrayList<>();
        int at = 0;
        while (at < lines.size()) {
            if (!lines.get(at).startsWith("$ ")) {
                throw new IllegalArgumentException(
                        blockPlace + ": a command begins with \"$ \", not as \"" + lines.get(at) + "\"");
            }
            int outputAt = endOfCommand(lines, at);
            int next = outputAt;
            while (next < lines.size() && !lines.get(next).startsWith("$ ")) {
                next++;
            }
            String command = String.join("\n", lines.subList(at, outputAt)).substring(2);
            String shown = String.join("\n", lines.subList(outputAt, next)).strip();
            steps.add(new ConsoleStep(blockPlace + " (" + lines.get(at) + ")", command, shown));
            at = next;
        }
        return steps;
    }

    private static int endOfCommand(List<String> lines, int first) {
        int last = first;
        while (last + 1 < lines.size() && lines.get(last).matches(".*(\\\\|\\|)$")) {
            last++;
        }
        Matcher here = HERE_DOCUMENT.matcher(lines.get(last));
        if (here.find()) {
            int length = lines.subList(last, lines.size()).indexOf(here.group(1));
            last = length < 0 ? lines.size() - 1 : last + length;
        }
        return last + 1;
    }
}
