package dev.culvert.relay.convert;

import dev.culvert.server.config.InvalidValueException;
import dev.culvert.server.config.Parsers;
import dev.culvert.server.config.Problem;
import dev.culvert.server.config.Problems;
import dev.culvert.server.config.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The options in a file of coturn, read as coturn reads them; what cannot be read is noted as a problem. */
final class CoturnFile {
    private static final Pattern OPTION = Pattern.compile("-{0,2}([^ =\t]+)[ =\t]*(.*)", Pattern.DOTALL);

    private final Path path;
    private final List<CoturnLine> lines;
    private final Problems problems;

    private CoturnFile(Path path, List<CoturnLine> lines, Problems problems) {
        this.path = path;
        this.lines = lines;
        this.problems = problems;
    }

    /** Reads {@code text}, which stands in the file {@code path}. */
    static CoturnFile read(Path path, String text, Problems problems) {
        List<CoturnLine> options = new ArrayList<>();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            Matcher option = OPTION.matcher(line);
            if (!line.startsWith("#") && option.matches()) {
                options.add(new CoturnLine(i + 1, option.group(1), unquoted(option.group(2))));
            }
        }
        return new CoturnFile(path, options, problems);
    }

    private static String unquoted(String value) {
        if (!value.startsWith("\"")) {
            return value;
        }
        String inside = value.substring(1).strip();
        return inside.endsWith("\"") ? inside.substring(0, inside.length() - 1) : inside;
    }

    Path path() {
        return path;
    }

    /** Every option in the order of the file. */
    List<CoturnLine> all() {
        return lines;
    }

    /** Every line of these options. */
    List<CoturnLine> lines(String... names) {
        List<String> wanted = Arrays.asList(names);
        return lines.stream().filter(line -> wanted.contains(line.name())).toList();
    }

    /** The line that counts of an option that is given once: the last. */
    Optional<CoturnLine> last(String name) {
        return lines(name).stream().reduce((first, second) -> second);
    }

    /** Whether an option is switched on. */
    boolean isOn(String name) {
        Optional<CoturnLine> last = last(name);
        last.filter(line -> !line.isOn() && !line.isOff())
                .ifPresent(line -> refuse(line, "neither on nor off", "write on or off, or nothing"));
        return last.filter(CoturnLine::isOn).isPresent();
    }

    /** The number that an option holds, {@code otherwise} where it is not given. */
    int number(String name, int least, int most, int otherwise) {
        return last(name)
                .flatMap(line -> parse(line, Parsers.number(least, most)))
                .orElse(otherwise);
    }

    /** The amount that an option holds, 0 where it is not given. */
    long amount(String name) {
        return last(name).flatMap(line -> parse(line, CoturnFile::amountOf)).orElse(0L);
    }

    private static long amountOf(String text) throws InvalidValueException {
        if (!text.matches("[0-9]{1,15}")) {
            throw new InvalidValueException("not a whole number", "write bytes per second, or 0 for no limit");
        }
        return Long.parseLong(text);
    }

    /** What {@code parser} makes of the value of {@code line}; a problem is noted where it refuses. */
    <T> Optional<T> parse(CoturnLine line, Setting.Parser<T> parser) {
        try {
            return Optional.of(parser.parse(line.value()));
        } catch (InvalidValueException e) {
            refuse(line, e.wrong(), e.right());
            return Optional.empty();
        }
    }

    /** Notes that the value of {@code line} is no good. */
    void refuse(CoturnLine line, String wrong, String right) {
        problems.add(new Problem(where(line), line.value(), wrong, right));
    }

    /** Notes that the secret of {@code line} is no good, which is not repeated. */
    void refuseSecret(CoturnLine line, String wrong, String right) {
        problems.add(new Problem(where(line), "", wrong, right));
    }

    /** Notes that the file as a whole is no good. */
    void refuse(String wrong, String right) {
        problems.add(new Problem(path.toString(), "", wrong, right));
    }

    private String where(CoturnLine line) {
        return path + ":" + line.number() + ": " + line.name();
    }

    /** {@code name} or {@code one, other} of lines, with their numbers: {@code listening-ip (lines 3, 4)}. */
    static String naming(Collection<CoturnLine> lines) {
        List<String> names = lines.stream().map(CoturnLine::name).distinct().toList();
        List<String> numbers =
                lines.stream().map(line -> String.valueOf(line.number())).toList();
        return String.join(", ", names)
                + (numbers.size() == 1 ? " (line " : " (lines ")
                + String.join(", ", numbers)
                + ")";
    }
}
